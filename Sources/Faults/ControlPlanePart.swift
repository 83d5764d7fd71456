/// A part of the control plane of which there is one, so that a fault of it has nothing to choose.
package enum ControlPlanePart: String, Sendable, CaseIterable {
    case apiServer = "kube-apiserver"
    case watch = "the watch of the controllers"
    case scheduler = "kube-scheduler"
    case metricsServer = "metrics-server"
    case autoscalers = "the autoscalers of machines"
}

extension FaultEffect {
    /// The part of the control plane that it strikes; nil for what strikes something else.
    package var part: ControlPlanePart? {
        switch self {
        case .outageOfAPIServer, .slowAPIServer: .apiServer
        case .lossOfWatch: .watch
        case .schedulerCrash: .scheduler
        case .metricsOutage: .metricsServer
        case .autoscalerOutage: .autoscalers
        case .powerLoss, .partition, .kubeletHang, .fullDisk, .slowMachines, .reclaim, .maintenance, .stockOut,
            .launchFailure, .slowLaunch, .registryOutage, .slowRegistry, .registryLimit, .missingImages, .corruptImages,
            .badRollout, .containerKill, .controllerCrash, .slowControllers:
            nil
        }
    }
}
