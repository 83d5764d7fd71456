package import Chronology

/// What a fault does to the simulated world, which carries it out.
///
/// Several strikes may hold the same thing at once: it is well when the last of them has healed.
package enum FaultEffect: Hashable, Sendable {
    // Machines

    /// Machines lose power, and come back with their disks.
    case powerLoss
    /// Kubelets and the API server do not hear of each other; what runs goes on running.
    case partition
    /// Kubelets do nothing and say nothing; containers go on running, and nobody restarts one that ends.
    case kubeletHang
    /// The disks of machines are full of what belongs to no pod.
    case fullDisk
    /// Processors, disks and network links work at so many thousandths of their speed.
    case slowMachines(permille: Int64)
    /// The cloud takes machines back, with a notice.
    case reclaim(ReclaimPlan)
    /// Machines are upgraded, some at a time.
    case maintenance(MaintenancePlan)
    /// The cloud has no machine to give.
    case stockOut
    /// Of a million launches so many fail, and are tried again after a while.
    case launchFailure(partsPerMillion: Int64, retry: Duration)
    /// Machines take longer to boot.
    case slowLaunch(delay: Duration)

    // Registries and images

    /// Registries do not answer.
    case registryOutage
    /// Registries take longer to answer, and send at so many thousandths of their bandwidth.
    case slowRegistry(delay: Duration, permille: Int64)
    /// Registries give each client so many manifests in a window, and refuse the rest.
    case registryLimit(pulls: Int64, window: Duration)
    /// Registries do not have images any more.
    case missingImages
    /// Of a million layers of the images so many arrive damaged.
    case corruptImages(partsPerMillion: Int64)

    // Workloads

    /// A new revision of Deployments does not work.
    case badRollout(BadRevision)
    /// Containers of running pods are killed.
    case containerKill(exitCode: Int32, reason: String)

    // The control plane

    /// Controllers lose what they had in memory, and start again when it heals.
    case controllerCrash
    /// Each call of controllers takes longer.
    case slowControllers(delay: Duration)
    /// The controllers hear of no change.
    case lossOfWatch
    /// The API server answers no request.
    case outageOfAPIServer
    /// Each request, and each change on its way to a watcher, takes longer.
    case slowAPIServer(delay: Duration)
    /// The scheduler loses what it had in memory, and starts again when it heals.
    case schedulerCrash
    /// The metrics APIs answer with errors.
    case metricsOutage
    /// The autoscalers of machines are not called.
    case autoscalerOutage
}

/// How a cloud takes machines back.
package struct ReclaimPlan: Hashable, Sendable {
    /// From the notice to the end of the machine.
    package var notice: Duration
    /// From the advice to replace the machine to the notice; nil without advice.
    package var advice: Duration?

    /// Creates a plan.
    package init(notice: Duration, advice: Duration? = nil) {
        self.notice = notice
        self.advice = advice
    }
}

/// How machines are upgraded.
package struct MaintenancePlan: Hashable, Sendable {
    /// How many are upgraded at a time.
    package var atATime: Int64
    /// Whether a new machine is there before an old one is drained and goes; otherwise each is drained and restarted.
    package var surges: Bool
    /// How long a drain may take before the machine goes all the same.
    package var drainTimeout: Duration
    /// Of a million machines so many come back and never become ready.
    package var failing: Int64
    /// Whether the next ones wait until those before are ready.
    package var waits: Bool

    /// Creates a plan.
    package init(atATime: Int64, surges: Bool, drainTimeout: Duration, failing: Int64, waits: Bool) {
        self.atATime = atATime
        self.surges = surges
        self.drainTimeout = drainTimeout
        self.failing = failing
        self.waits = waits
    }
}

/// What is wrong with a revision.
package struct BadRevision: Hashable, Sendable {
    package enum Trouble: String, Hashable, Sendable, CaseIterable {
        /// Its readiness probe never succeeds.
        case unready
        /// Its containers end with an error a while after they start.
        case crashes
        /// Its containers hold more and more memory.
        case leaks
    }

    package var trouble: Trouble
    /// Whether the fault rolls the revision out itself; otherwise the next one that somebody rolls out is bad.
    package var rollsOut: Bool
    /// From the start of a container to its end, where it crashes.
    package var delay: Duration
    /// Bytes an hour, where it leaks.
    package var leakPerHour: Int64

    /// Creates a revision.
    package init(trouble: Trouble, rollsOut: Bool, delay: Duration, leakPerHour: Int64) {
        self.trouble = trouble
        self.rollsOut = rollsOut
        self.delay = delay
        self.leakPerHour = leakPerHour
    }
}
