import Chronology

/// A pod as those who send requests know it, and as it is.
struct Endpoint {
    /// The pod among the endpoints of one service.
    struct Membership {
        let service: Int
        /// Whether the service's selector, or its match, still means the pod.
        var isMeant = true
        /// Whether the API server says that it is to get requests.
        var isWanted = false
        /// Whether those who send requests have it on their list.
        var isListed = false
        /// The number of the latest news about it.
        var news: Int64 = 0
    }

    /// The pod's slot in the tracker; -1 when the pod is gone.
    var track: Int32
    let profile: Int32
    /// The index of its machine.
    let node: Int32
    /// Thousandths of a core that it may use.
    var cores: Int64
    var memberships: [Membership] = []
    /// Whether its processes run and take requests.
    var isServing = false
    /// Whether its machine has no power: requests get no answer, not even a refusal.
    var isSilent = false
    /// Processes that were started before this do not run any more.
    var lostAt = Instant(nanoseconds: Int64.min)
    /// When it was told to end and took no more requests; nil as long as it may take some.
    var stoppedAt: Instant?
    /// The number under which the event waits that stops it; 0 for none.
    var stop: Int64 = 0
    /// When that event is due.
    var stopAt = Instant.never
    /// Requests in flight when it stopped, by membership.
    var inFlight: [Double] = []
}
