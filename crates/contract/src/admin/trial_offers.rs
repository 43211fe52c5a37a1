//! What people who are no members may try, and on which conditions.

super::resource! {
    "Trial offers": "What people who are no members may try, and on which conditions." {
        LIST_TRIAL_OFFERS = "listTrialOffers" Get "/studios/{studioId}/trial-offers" BookingsRead: "List the trial offers of a studio";
        CREATE_TRIAL_OFFER = "createTrialOffer" Post "/studios/{studioId}/trial-offers" ScheduleWrite: "Define a trial offer";
        GET_TRIAL_OFFER = "getTrialOffer" Get "/studios/{studioId}/trial-offers/{trialOfferId}" BookingsRead: "Read one trial offer";
        UPDATE_TRIAL_OFFER = "updateTrialOffer" Put "/studios/{studioId}/trial-offers/{trialOfferId}" ScheduleWrite: "Change a trial offer";
        RETIRE_TRIAL_OFFER = "retireTrialOffer" Post "/studios/{studioId}/trial-offers/{trialOfferId}/retire" ScheduleWrite: "Take a trial offer out of use";
        RESTORE_TRIAL_OFFER = "restoreTrialOffer" Post "/studios/{studioId}/trial-offers/{trialOfferId}/restore" ScheduleWrite: "Bring a trial offer back";
    }
}
