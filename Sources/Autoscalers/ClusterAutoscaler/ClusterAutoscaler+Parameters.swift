package import Chronology
import KubernetesAPI
import SchedulingFramework

extension ClusterAutoscaler {
    /// The flags of the autoscaler, with upstream's defaults.
    ///
    /// Flags about the cloud provider, logs, leader election and the deprecated ones are left out.
    package struct Parameters: Sendable {
        /// How often the cluster is looked at (`--scan-interval`).
        package var scanInterval = Duration.seconds(10)
        /// From when on no scale-up is asked for a pod that is younger (`--new-pod-scale-up-delay`).
        package var newPodScaleUpDelay = Duration.zero
        /// Pods of a lower priority count as if they were not there (`--expendable-pods-priority-cutoff`).
        package var expendablePodsPriorityCutoff: Int32 = -10

        // MARK: Scale-up

        /// How a group is chosen, one filter after the other (`--expander`); the rest is drawn.
        package var expanders: [Expander] = [.leastWaste]
        /// Patterns of group names by priority, the highest wins (the ConfigMap of the expander `priority`).
        package var priorities: [PriorityTier] = []
        /// The most nodes that there may be; 0 for any number (`--max-nodes-total`).
        package var maxNodesTotal = 0
        /// The most nodes that one scale-up adds (`--max-nodes-per-scaleup`).
        package var maxNodesPerScaleUp = 1000
        /// The bounds of the sum of the nodes' cores (`--cores-total`).
        package var coresTotal: ClosedRange<Int64> = 0...320_000
        /// The bounds of the sum of the nodes' memory, in GiB (`--memory-total`).
        package var memoryTotal: ClosedRange<Int64> = 0...6_400_000
        /// Whether groups of equal machines grow together (`--balance-similar-node-groups`).
        package var balancesSimilarNodeGroups = false
        /// Labels that may differ between similar groups (`--balancing-ignore-label`).
        package var balancingIgnoredLabels: [String] = []
        /// How long a machine may take to become a node (`--max-node-provision-time`).
        package var maxNodeProvisionTime = Duration.minutes(15)
        /// The first pause of a group that failed (`--initial-node-group-backoff-duration`).
        package var initialBackoff = Duration.minutes(5)
        /// The longest pause of a group that fails again and again (`--max-node-group-backoff-duration`).
        package var maxBackoff = Duration.minutes(30)
        /// After how long without failure the pause is the first one again (`--node-group-backoff-reset-timeout`).
        package var backoffReset = Duration.hours(3)
        /// Above this share of unready nodes, in percent, nothing is done (`--max-total-unready-percentage`).
        package var maxTotalUnreadyPercentage: Int64 = 45
        /// This many unready nodes are always in order (`--ok-total-unready-count`).
        package var okTotalUnreadyCount = 3
        /// Taints that new nodes lose by themselves (`--startup-taint`).
        package var startupTaints: [String] = []
        /// Decides what is left to chance; what is drawn follows from it, the time and the groups' names.
        package var seed: UInt64 = 0

        // MARK: Scale-down

        /// Whether nodes are taken away (`--scale-down-enabled`).
        package var scaleDownEnabled = true
        /// (`--scale-down-delay-after-add`).
        package var scaleDownDelayAfterAdd = Duration.minutes(10)
        /// (`--scale-down-delay-after-delete`); upstream's default is the scan interval.
        package var scaleDownDelayAfterDelete = Duration.zero
        /// (`--scale-down-delay-after-failure`).
        package var scaleDownDelayAfterFailure = Duration.minutes(3)
        /// How long a node must be superfluous (`--scale-down-unneeded-time`).
        package var scaleDownUnneededTime = Duration.minutes(10)
        /// The same for a node that is not ready (`--scale-down-unready-time`).
        package var scaleDownUnreadyTime = Duration.minutes(20)
        /// Whether nodes that are not ready are taken away (`--scale-down-unready-enabled`).
        package var scaleDownUnreadyEnabled = true
        /// A node whose requests are at most this share of it may be superfluous, in thousandths
        /// (`--scale-down-utilization-threshold`).
        package var scaleDownUtilizationThreshold: Int64 = 500
        /// The same for nodes with graphics processors, by these alone (`--scale-down-gpu-utilization-threshold`).
        package var scaleDownGpuUtilizationThreshold: Int64 = 500
        /// The most nodes that are on their way out (`--max-scale-down-parallelism`).
        package var maxScaleDownParallelism = 10
        /// The most nodes that are being drained (`--max-drain-parallelism`).
        package var maxDrainParallelism = 1
        /// (`--ignore-daemonsets-utilization`).
        package var ignoresDaemonSetsUtilization = false
        /// (`--ignore-mirror-pods-utilization`).
        package var ignoresMirrorPodsUtilization = false
        /// Whether pods with host paths or empty directories keep their node (`--skip-nodes-with-local-storage`).
        package var skipsNodesWithLocalStorage = true
        /// Whether pods of `kube-system` without a budget keep their node (`--skip-nodes-with-system-pods`).
        package var skipsNodesWithSystemPods = true
        /// For how long they do so, from their creation on (`--blocking-system-pod-distruption-timeout`, spelt like that).
        package var systemPodDisruptionTimeout = Duration.hours(1)
        /// Whether pods of a controller that nobody knows keep their node (`--skip-nodes-with-custom-controller-pods`).
        package var skipsNodesWithCustomControllerPods = true
        /// Replica sets that are smaller keep the nodes of their pods (`--min-replica-count`).
        package var minReplicaCount: Int64 = 0
        /// The most soft taints set or taken back in one scan (`--max-bulk-soft-taint-count`); 0 sets none.
        package var maxBulkSoftTaintCount = 10
        /// How long an eviction that is refused is tried again (`--max-pod-eviction-time`).
        package var maxPodEvictionTime = Duration.minutes(2)
        /// The longest time that pods get to end (`--max-graceful-termination-sec`).
        package var maxGracefulTermination = Duration.seconds(600)
        /// Whether the pods of daemon sets are evicted from nodes with other pods (`--daemonset-eviction-for-occupied-nodes`).
        package var evictsDaemonSetPods = true
        /// The rules by which pods are placed.
        package var rules = PlacementRules()

        /// Creates the defaults.
        package init() {}
    }

    /// How a group is chosen among those that could grow (`--expander`).
    package enum Expander: String, Hashable, Sendable, CaseIterable {
        /// Draws.
        case random
        /// Where most pods find a place.
        case mostPods = "most-pods"
        /// Where the smallest share of CPU and memory stays idle.
        case leastWaste = "least-waste"
        /// Where the fewest nodes are added.
        case leastNodes = "least-nodes"
        /// Where the new machines cost the least for each CPU that the pods ask for.
        case price
        /// The group with the highest tier.
        case priority
    }

    /// Groups that the expander `priority` prefers to those of lower tiers.
    package struct PriorityTier: Hashable, Sendable {
        package var priority: Int
        /// A group belongs to the tier if its name matches one: `*` and `.*` stand for any text.
        package var patterns: [String]

        /// Creates a tier.
        package init(priority: Int, patterns: [String]) {
            self.priority = priority
            self.patterns = patterns
        }
    }
}
