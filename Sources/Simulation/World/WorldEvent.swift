import VirtualTime
/// What can happen at an instant of a run; the raw value goes into the event queue.
enum WorldEvent: UInt16 {
    /// Changes are due at the controllers and the scheduler.
    case deliverToWatchers = 1
    /// Changes are due at the kubelets.
    case deliverToKubelets
    /// A key's delay is over. a: controller, b: slot of the key.
    case controllerKey
    /// A controller's next request reaches the API server. a: controller, b: slot of the batch, c: place in it.
    case controllerRequest
    /// The scheduler is free for its next cycle.
    case schedulerCycle
    /// A back-off or flush of the scheduling queue is due.
    case schedulerWake
    /// A request of the scheduler or of a kubelet reaches the API server. b: slot of the request.
    case request
    /// A kubelet posts the status of a pod. a: slot, b: generation of the slot.
    case kubeletStatus
    /// A kubelet posts the images of its node. a: node.
    case nodeStatus
    /// A timer of a machine.
    case machine
    /// A machine finished booting. a: node, b: power generation.
    case nodeUp
    /// A fault strikes. a: fault.
    case faultStrike
    /// A fault heals. a: slot of the open fault.
    case faultHeal
    /// A change on the schedule. a: change, b: 1 when it is tried again.
    case change
    /// A drain goes on. b: number of the drain.
    case drain
    /// The usage of a workload's pods changes. a: profile.
    case usage
    /// The sums of the past stretch are written.
    case sums
    /// A machine that was told to shut down loses its power. a: node, b: power generation.
    case powerCut
    /// Services under traffic are looked at anew.
    case traffic
    /// A curve of traffic changes.
    case trafficStep
    /// Those who send requests hear of an endpoint. a: endpoint, b: number of the news.
    case endpointNews
    /// A pod takes no more requests. a: endpoint, b: number of the news.
    case endpointStop
    /// Objects arrive. a: arrival process.
    case arrival
    /// A volume driver is done with something. b: slot of the task.
    case volume
    /// A machine runs out of something, or its kubelet looks. a: node, b: generation of the plan.
    case pressure
    /// A kubelet that was not heard reports. a: node.
    case reconnect
    /// The cloud takes a machine back. a: node, b: step, c: the notice.
    case reclaim
    /// The cloud deletes the node of a machine that is gone. a: node.
    case nodeRemoval
    /// A launch that failed is tried again. a: node, b: power generation.
    case launchRetry
    /// A wave of upgrades goes on. a: slot of the open fault, b: a machine that was repaired, or -1.
    case maintenance
    /// An autoscaler is called. a: autoscaler.
    case autoscaler
    /// Recommender and updater of the VerticalPodAutoscaler look at the cluster.
    case verticalAutoscaler
    /// A spot machine pays another price. a: node.
    case spotPrice
}

extension WorldEvent {
    /// What happens, for people.
    var words: String {
        switch self {
        case .deliverToWatchers: "changes reach the controllers and the scheduler"
        case .deliverToKubelets: "changes reach the kubelets"
        case .controllerKey: "a controller's delay is over"
        case .controllerRequest: "a controller's request reaches the API server"
        case .schedulerCycle: "the scheduler takes its next pod"
        case .schedulerWake: "a back-off in the scheduling queue ends"
        case .request: "a request reaches the API server"
        case .kubeletStatus: "a kubelet posts the status of a pod"
        case .nodeStatus: "a kubelet posts the status of its node"
        case .machine: "a timer of a machine"
        case .nodeUp: "a machine has booted"
        case .faultStrike: "a fault strikes"
        case .faultHeal: "a fault heals"
        case .change: "a change on the schedule is made"
        case .drain: "a drain goes on"
        case .usage: "what pods use changes"
        case .sums: "the sums of the past hour are written"
        case .powerCut: "a machine that shuts down loses its power"
        case .traffic: "services under traffic are looked at"
        case .trafficStep: "the traffic changes"
        case .endpointNews: "those who send requests hear of an endpoint"
        case .endpointStop: "a pod takes no more requests"
        case .arrival: "objects arrive"
        case .volume: "a volume driver is done"
        case .pressure: "a kubelet looks for pressure"
        case .reconnect: "a kubelet that was not heard reports"
        case .reclaim: "the cloud takes a machine back"
        case .nodeRemoval: "the cloud deletes the node of a machine that is gone"
        case .launchRetry: "a launch that failed is tried again"
        case .maintenance: "a wave of upgrades goes on"
        case .autoscaler: "an autoscaler looks at the cluster"
        case .verticalAutoscaler: "the VerticalPodAutoscaler looks at the cluster"
        case .spotPrice: "a spot machine pays another price"
        }
    }
}
