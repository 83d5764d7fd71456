package import Chronology
package import KubernetesAPI

/// What a node agent wants done, or has to tell; the caller carries it out in array order.
package enum MachineEffect: Equatable, Sendable {
    /// Post a pod's status: the whole of it as the kubelet knows it (see `PodStatus.merging(posted:)`).
    case status(PodSlot, PodStatus)
    /// Call `MachineFleet.fire` at an instant.
    case timer(at: Instant, MachineTimer)
    /// Send the last DELETE, with grace 0. The slot stays until `MachineFleet.forget`.
    case removed(PodSlot)
    /// A container is about to run again: answer at once with `MachineFleet.setRun`, or the run before is repeated.
    case runWanted(PodSlot, container: Int32, restart: Int32)
    /// An image pull ended.
    indirect case pull(PullRecord)
    /// A container's process runs; told only of pods whose plan asks for it (`PodPlan.isMeasured`).
    case running(PodSlot, container: Int32)
    /// A container's run ended.
    indirect case exit(ExitRecord)
    /// The images on a machine changed; `MachineFleet.images(on:)` lists them.
    case images(NodeSlot)
    /// Record a Kubernetes Event about a pod.
    indirect case event(PodSlot, MachineEvent)
    /// A machine that was told to shut down has done so: cut its power.
    case shutDown(NodeSlot)
    /// A container's process runs from an image that it did not run from before.
    case imageRun(ImageRunRecord)
    /// The images that a machine fetches before it is ready are there, or could not be had.
    case prepared(NodeSlot)
}

/// What a kubelet tells of a pod in a Kubernetes Event.
package struct MachineEvent: Hashable, Sendable {
    package var isWarning: Bool
    package var reason: String
    package var message: String
}

/// What a container runs: a reference, and the digest that it named when the image came to the machine.
package struct ImageRunRecord: Hashable, Sendable {
    package var pod: PodSlot
    package var container: Int32
    /// Number of the reference; see `MachineFleet.imageVersion`.
    package var reference: Int32
    /// Number of what it named.
    package var target: Int32
}

/// One image pull, from the kubelet's request to its end.
package struct PullRecord: Hashable, Sendable {
    /// How a pull ended.
    package enum Outcome: Hashable, Sendable {
        case pulled
        /// The message that stands in the pod's status.
        case failed(String)
        /// The machine went away.
        case cancelled
        /// The rest of a layer came in the background, after the container had started.
        case streamed
    }

    package var pod: PodSlot
    package var container: Int32
    package var node: NodeSlot
    /// Numbers of the reference and of what it named; -1 for a pull that failed before that was known.
    package var reference: Int32
    package var target: Int32
    /// The reference as the pod spells it, with a tag.
    package var image: String
    /// When the kubelet asked; waiting for other pulls of the machine counts.
    package var from: Instant
    package var to: Instant
    /// Compressed bytes that came, those of a pull that failed included.
    package var traffic: ImageTraffic
    /// Compressed bytes that the machine had already, or that were on their way to it.
    package var cachedBytes: Int64
    package var outcome: Outcome

    /// Compressed bytes that came.
    package var bytes: Int64 { traffic.total }
}

/// One run of a container that ended.
package struct ExitRecord: Hashable, Sendable {
    package var pod: PodSlot
    /// Init containers first, then main containers.
    package var container: Int32
    package var node: NodeSlot
    /// 0 for the first run.
    package var restart: Int32
    package var exitCode: Int32
    /// `Completed`, `Error`, `OOMKilled`, or `Unknown` when the machine failed.
    package var reason: String
    package var startedAt: Instant
    package var finishedAt: Instant
    /// The work done, as the time that it takes at full speed.
    package var workDone: Duration
    /// Whether its pod was being stopped.
    package var wasStopped: Bool
}
