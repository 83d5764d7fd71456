package import Chronology

// Counterpart: KubeletConfiguration (v1beta1) and constants of the kubelet, v1.36.

/// What the node agents of a run have in common; every figure can be overridden by a scenario.
package struct KubeletParameters: Hashable, Sendable {
    /// Whether a machine pulls one image at a time (`serializeImagePulls`).
    package var serializeImagePulls = true
    /// The most pulls at once on a machine when they are not serialised; nil for no bound (`maxParallelImagePulls`).
    package var maxParallelImagePulls: Int32?
    /// Pulls per second that a kubelet allows itself; 0 for no bound (`registryPullQPS`).
    package var registryPullQPS: Int64 = 5
    /// Pulls that it may do at once after a rest (`registryBurst`).
    package var registryBurst: Int64 = 10

    /// The wait before a container is restarted the second time; it doubles with each further restart.
    package var crashBackOffInitial = Duration.seconds(10)
    /// The longest such wait (`crashLoopBackOff.maxContainerRestartPeriod`).
    package var crashBackOffMax = Duration.seconds(300)
    /// A run longer than this makes the wait start anew.
    package var crashBackOffReset = Duration.minutes(10)
    /// The wait after a failed image pull; it doubles with each further failure.
    package var imageBackOffInitial = Duration.seconds(10)
    /// The longest such wait.
    package var imageBackOffMax = Duration.seconds(300)
    /// How long a failed pull shows as `ErrImagePull` before it shows as `ImagePullBackOff`.
    package var imageBackOffNotice = Duration.seconds(1)

    /// Layers that a pull fetches at once (`max_concurrent_downloads` of containerd).
    package var maxConcurrentDownloads: Int64 = 3
    /// Whether a machine unpacks one image at a time; otherwise each pull has a processor and a disk for itself.
    package var serializeUnpack = false
    /// Bytes per second that a machine receives, and as many that it sends; its pulls share it (1 Gbit/s).
    package var nodeBandwidth: Int64 = 125_000_000
    /// Bytes per second that one registry sends; all pulls share it (100 Gbit/s).
    package var registryBandwidth: Int64 = 12_500_000_000
    /// The time for the manifest and the round trips of a pull, whatever is cached.
    package var pullOverhead = Duration.milliseconds(300)
    /// Compressed bytes that a machine unpacks per second.
    package var unpackRate: Int64 = 80_000_000
    /// Bytes on disk per 100 compressed bytes: the compressed layer, which stays, and the unpacked one.
    package var diskPercent: Int64 = 350

    /// Images are removed when they fill more of the disk than this (`imageGCHighThresholdPercent`).
    package var imageGCHighThresholdPercent: Int64 = 85
    /// They are removed until they fill no more than this (`imageGCLowThresholdPercent`).
    package var imageGCLowThresholdPercent: Int64 = 80
    /// An image used more recently than this is kept (`imageMinimumGCAge`).
    package var imageMinimumGCAge = Duration.minutes(2)
    /// An image that nobody used for this long is removed, however much room there is; 0 for never (`imageMaximumGCAge`).
    package var imageMaximumGCAge = Duration.zero
    /// How often a kubelet looks for images to remove, counted from its start (`ImageGCPeriod`).
    package var imageGCPeriod = Duration.minutes(5)
    /// The image of all sandboxes, which is on each machine and never removed (`--pod-infra-container-image`).
    package var sandboxImage = "registry.k8s.io/pause:3.10.1"
    /// How many images a node's status lists; -1 for all (`nodeStatusMaxImages`).
    package var nodeStatusMaxImages = 50

    /// When machines count as short of memory or disk, and what is done about it.
    package var eviction = EvictionParameters()

    /// How long a preStop hook takes that is not a sleep.
    package var preStopHook = Duration.seconds(1)
    /// How long a postStart hook takes that is not a sleep.
    package var postStartHook = Duration.zero
    /// What a container gets at least between SIGTERM and SIGKILL, whatever the grace period.
    package var minimumGraceAfterPreStop = Duration.seconds(2)

    /// The time that a machine which is told to shut down gives its pods; 0 for none (`shutdownGracePeriod`).
    package var shutdownGracePeriod = Duration.zero
    /// The end of that time, which is kept for critical pods (`shutdownGracePeriodCriticalPods`).
    package var shutdownGracePeriodCriticalPods = Duration.zero
    /// The time of each priority, instead of the two above (`shutdownGracePeriodByPodPriority`).
    package var shutdownGracePeriodByPodPriority: [ShutdownGrace] = []

    /// Creates the defaults.
    package init() {}
}
