import SchedulingFramework

/// What reserve plugins set aside for a pod that is on its way to a node.
struct Reservation {
    let pod: PodInfo
    let node: String
    /// The index of the profile.
    let profile: Int
    /// As the cycle left it; read only from then on.
    let state: CycleState
}
