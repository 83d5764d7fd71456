import Chronology

/// What is amiss with one controller. Several faults can hold it down at once; it is well when none does.
struct ControllerCondition: Equatable {
    /// How many hold it down: it has crashed, and knows nothing.
    var downs = 0
    /// How many hold it up: it hears what happens, and serves no key.
    var pauses = 0
    /// What is added to each call that sends requests.
    var drag = Duration.zero

    /// Whether its process runs.
    var isUp: Bool { downs == 0 }
    /// Whether it serves its queue.
    var isServing: Bool { downs == 0 && pauses == 0 }
}

/// What is amiss with the rest of the control plane.
struct ControlPlaneCondition: Equatable {
    /// How many hold the API server down.
    var apiServerDowns = 0
    /// How many hold the scheduler down.
    var schedulerDowns = 0
    /// How many bindings were on their way when a process of the scheduler ended: the next one knows nothing of them.
    var forgottenBindings = 0
    /// How many hold the watch of the controllers broken.
    var watchLosses = 0

    /// Whether requests are answered.
    var isAPIServerUp: Bool { apiServerDowns == 0 }
    /// Whether the scheduler's process runs.
    var isSchedulerUp: Bool { schedulerDowns == 0 }
}
