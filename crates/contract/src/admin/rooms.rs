//! Rooms of a studio, and devices of which there is one each.

super::resource! {
    "Rooms": "Where classes and appointments are held, and the devices that they take." {
        LIST_ROOMS = "listRooms" Get "/studios/{studioId}/rooms" BookingsRead: "List the rooms of a studio";
        CREATE_ROOM = "createRoom" Post "/studios/{studioId}/rooms" ScheduleWrite: "Define a room";
        GET_ROOM = "getRoom" Get "/studios/{studioId}/rooms/{roomId}" BookingsRead: "Read one room";
        UPDATE_ROOM = "updateRoom" Put "/studios/{studioId}/rooms/{roomId}" ScheduleWrite: "Change a room";
        RETIRE_ROOM = "retireRoom" Post "/studios/{studioId}/rooms/{roomId}/retire" ScheduleWrite: "Take a room out of use";
        RESTORE_ROOM = "restoreRoom" Post "/studios/{studioId}/rooms/{roomId}/restore" ScheduleWrite: "Bring a room back";
        LIST_RESOURCES = "listResources" Get "/studios/{studioId}/resources" BookingsRead: "List the resources of a studio";
        CREATE_RESOURCE = "createResource" Post "/studios/{studioId}/resources" ScheduleWrite: "Define a resource";
        GET_RESOURCE = "getResource" Get "/studios/{studioId}/resources/{resourceId}" BookingsRead: "Read one resource";
        UPDATE_RESOURCE = "updateResource" Put "/studios/{studioId}/resources/{resourceId}" ScheduleWrite: "Change a resource";
        RETIRE_RESOURCE = "retireResource" Post "/studios/{studioId}/resources/{resourceId}/retire" ScheduleWrite: "Take a resource out of use";
        RESTORE_RESOURCE = "restoreResource" Post "/studios/{studioId}/resources/{resourceId}/restore" ScheduleWrite: "Bring a resource back";
    }
}
