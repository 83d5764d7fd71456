// Kubernetes counterpart: autoscaling.k8s.io/v1 of kubernetes/autoscaler (vertical-pod-autoscaler v1.5).
// Deliberate differences: every object is the default recommender's; updates in place are not carried out.

/// Requests that follow what pods use (`autoscaling.k8s.io/v1.VerticalPodAutoscaler`).
@usableFromInline
package struct VerticalPodAutoscaler: Hashable, Sendable {
    /// When recommendations reach pods (`updatePolicy.updateMode`).
    @usableFromInline
    package enum UpdateMode: String, Hashable, Sendable, CaseIterable {
        case off = "Off"
        case initial = "Initial"
        case recreate = "Recreate"
        case inPlaceOrRecreate = "InPlaceOrRecreate"
        case auto = "Auto"

        /// Whether pods that are created get what is recommended.
        package var appliesToNewPods: Bool {
            switch self {
            case .off: false
            case .initial, .recreate, .inPlaceOrRecreate, .auto: true
            }
        }

        /// Whether running pods are evicted, so that others take their place.
        package var evicts: Bool {
            switch self {
            case .off, .initial: false
            case .recreate, .inPlaceOrRecreate, .auto: true
            }
        }
    }

    /// What a change must be like so that a pod is evicted for it (`EvictionRequirement`).
    @usableFromInline
    package struct EvictionRequirement: Hashable, Sendable {
        /// The direction of a change.
        @usableFromInline
        package enum Change: String, Hashable, Sendable, CaseIterable {
            case higher = "TargetHigherThanRequests"
            case lower = "TargetLowerThanRequests"
        }

        /// One of them has to change so.
        package var resources: [ResourceName]
        package var change: Change

        /// Creates a requirement.
        package init(_ resources: [ResourceName], _ change: Change) {
            self.resources = resources
            self.change = change
        }
    }

    /// The rules for one container, or for all that have none of their own (`ContainerResourcePolicy`).
    @usableFromInline
    package struct ContainerPolicy: Hashable, Sendable {
        /// Which of the amounts are changed.
        @usableFromInline
        package enum ControlledValues: String, Hashable, Sendable, CaseIterable {
            case requestsAndLimits = "RequestsAndLimits"
            case requestsOnly = "RequestsOnly"
        }

        /// The name for all containers without a policy of their own.
        package static let wildcard = "*"

        package var containerName: String
        /// Whether the container is left alone (`mode: Off`).
        package var isOff = false
        package var minAllowed = ResourceList()
        package var maxAllowed = ResourceList()
        /// nil for CPU and memory.
        package var controlledResources: [ResourceName]?
        /// nil for requests and limits.
        package var controlledValues: ControlledValues?

        /// Creates a policy without bounds.
        package init(containerName: String) { self.containerName = containerName }
    }

    /// What is recommended for one container (`RecommendedContainerResources`).
    @usableFromInline
    package struct ContainerRecommendation: Hashable, Sendable {
        package var containerName: String
        package var target = ResourceList()
        package var lowerBound = ResourceList()
        package var upperBound = ResourceList()
        /// The target before policies.
        package var uncappedTarget = ResourceList()

        /// Creates a recommendation of nothing.
        package init(containerName: String) { self.containerName = containerName }
    }

    /// What the recommender last found (`VerticalPodAutoscalerStatus`).
    @usableFromInline
    package struct Status: Hashable, Sendable {
        /// By container, in name order; nil before the first.
        package var recommendation: [ContainerRecommendation]?
        package var conditions: [Condition] = []

        /// Creates the status of a new object.
        package init() {}
    }

    package var metadata: ObjectMeta
    package var targetKind = ""
    package var targetName = ""
    package var updateMode = UpdateMode.recreate
    /// How many pods of a controller must be alive so that one is evicted; nil for the updater's own rule.
    package var minReplicas: Int64?
    /// All of them have to be met.
    package var evictionRequirements: [EvictionRequirement] = []
    package var containerPolicies: [ContainerPolicy] = []
    package var status = Status()

    /// Creates an autoscaler of nothing.
    package init(metadata: ObjectMeta) { self.metadata = metadata }
}

extension VerticalPodAutoscaler {
    /// Returns the rules for a container, which may be those for all; nil when there are none.
    package func policy(for container: String) -> ContainerPolicy? {
        containerPolicies.first { $0.containerName == container }
            ?? containerPolicies.last { $0.containerName == ContainerPolicy.wildcard }
    }

    /// Returns the resources that are recommended for a container.
    package func controlledResources(of container: String) -> [ResourceName] {
        policy(for: container)?.controlledResources ?? [.cpu, .memory]
    }
}
