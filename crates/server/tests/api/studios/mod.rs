mod confirm_activation;
mod get_all;
mod get_studio_information;
mod get_utilization;
mod update_studio_tags;
