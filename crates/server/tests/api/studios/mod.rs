mod get_utilization;
