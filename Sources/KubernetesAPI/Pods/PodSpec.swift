/// What a pod asks for (`v1.PodSpec`), without the node it is bound to, which is `Pod.nodeName`.
@usableFromInline
package struct PodSpec: Hashable, Sendable {
    @usableFromInline
    package enum PreemptionPolicy: String, Hashable, Sendable, CaseIterable {
        case preemptLowerPriority = "PreemptLowerPriority"
        case never = "Never"
    }

    package var containers: [Container] = []
    package var initContainers: [Container] = []
    package var restartPolicy: RestartPolicy = .always
    package var terminationGracePeriodSeconds: Int64 = 30
    package var activeDeadlineSeconds: Int64?
    package var nodeSelector = StringMap()
    package var affinity: Affinity?
    package var tolerations: [Toleration] = []
    package var topologySpreadConstraints: [TopologySpreadConstraint] = []
    package var schedulerName: String = "default-scheduler"
    package var priorityClassName: String = ""
    /// nil until admission resolves it from the priority class.
    @usableFromInline package var priority: Int32?
    package var preemptionPolicy: PreemptionPolicy?
    package var hostNetwork = false
    package var hostname: String = ""
    /// The operating system of its containers (`spec.os.name`); nil for any.
    package var operatingSystem: String?
    package var overhead: ResourceList = [:]
    /// Pod-level requests and limits (`spec.resources`).
    package var requests: ResourceList = [:]
    package var limits: ResourceList = [:]
    package var volumes: [Volume] = []
    package var schedulingGates: [String] = []
    /// The PodGroup that the pod belongs to (`schedulingGroup.podGroupName`).
    package var schedulingGroup: String?
    package var readinessGates: [String] = []

    package init(containers: [Container] = []) { self.containers = containers }
}

/// A volume of a pod: the kinds that decide where it can run (`v1.Volume`).
@usableFromInline
package struct Volume: Hashable, Sendable {
    @usableFromInline
    package enum Source: Hashable, Sendable {
        case persistentVolumeClaim(name: String)
        /// A claim made for this pod alone, named `<pod>-<volume>`.
        case ephemeral(PersistentVolumeClaimSpec)
        case hostPath
        /// `sizeLimit` nil for no bound of its own.
        case emptyDir(inMemory: Bool, sizeLimit: Quantity? = nil)
        case gcePersistentDisk(name: String, readOnly: Bool)
        case awsElasticBlockStore(id: String, readOnly: Bool)
        case azureDisk(name: String)
        case cinder(id: String)
        case rbd(monitors: [String], pool: String, image: String, readOnly: Bool)
        case iscsi(iqn: String, readOnly: Bool)
        /// The handle is empty for a volume that a pod names itself.
        case csi(driver: String, handle: String)
        /// Anything that binds a pod to no place: config maps, secrets, projections and the like.
        case other
    }

    package var name: String
    package var source: Source

    package init(name: String, source: Source) {
        self.name = name
        self.source = source
    }
}

/// A pod spec that never changes again, shared by all pods made from one template.
@usableFromInline
package final class PodSpecBox: Sendable {
    @usableFromInline package let value: PodSpec
    /// What the pod asked for before a webhook changed it; nil for all others.
    package let original: PodSpecBox?

    @usableFromInline
    package init(_ value: PodSpec) {
        self.value = value
        original = nil
    }

    /// Creates what a webhook made of `original`.
    package init(_ value: PodSpec, changedFrom original: PodSpecBox) {
        self.value = value
        self.original = original
    }
}

/// The pod that a workload makes copies of (`v1.PodTemplateSpec`).
@usableFromInline
package struct PodTemplateSpec: Sendable {
    package var labels = StringMap()
    package var annotations = StringMap()
    package var finalizers: [String] = []
    package var specBox: PodSpecBox
    /// Stands for what was written in fields that nothing here reads, such as commands and environments; 0 for nothing.
    package var inert: UInt64 = 0

    package init(labels: StringMap = StringMap(), annotations: StringMap = StringMap(), spec: PodSpec = PodSpec()) {
        self.labels = labels
        self.annotations = annotations
        self.specBox = PodSpecBox(spec)
    }

    /// The spec; writing it unshares it.
    package var spec: PodSpec {
        get { specBox.value }
        set { specBox = PodSpecBox(newValue) }
    }
}

extension PodTemplateSpec: Hashable {
    @usableFromInline package static func == (left: PodTemplateSpec, right: PodTemplateSpec) -> Bool {
        left.labels == right.labels && left.isSameBesideLabels(right)
    }

    /// Returns whether `other` is the same, whatever each has under the label `key`.
    package func isSame(as other: PodTemplateSpec, butForLabel key: String) -> Bool {
        func others(_ labels: StringMap) -> some Sequence<StringMap.Pair> { labels.pairs.lazy.filter { $0.key != key } }
        return others(labels).elementsEqual(others(other.labels)) && isSameBesideLabels(other)
    }

    private func isSameBesideLabels(_ other: PodTemplateSpec) -> Bool {
        inert == other.inert && annotations == other.annotations && finalizers == other.finalizers
            && (specBox === other.specBox || spec == other.spec)
    }

    @usableFromInline package func hash(into hasher: inout Hasher) {
        hasher.combine(labels)
        hasher.combine(spec)
    }
}
