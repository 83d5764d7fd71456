import Chronology
package import KubernetesAPI

/// All node agents of a run and what they govern: sandboxes, containers, images and pulls.
///
/// A value without a clock or a queue: each call is told the time and appends what is to happen to `effects`. The same
/// calls in the same order give the same effects. A machine that is off hears nothing; what it was told meanwhile
/// counts when it comes back.
package struct MachineFleet: Sendable {
    /// What all machines have in common.
    package let parameters: KubeletParameters
    /// The images that registries offer.
    package private(set) var catalogue: ImageCatalogue

    var nodes: [MachineRecord] = []
    var pods: [PodRecord] = []
    var freePods: [Int32] = []
    var pulls: [PullState] = []
    var freePulls: [Int32] = []
    /// In the order of `catalogue.registries`.
    var registries: [RegistryState] = []
    /// What a registry is like that nobody has named yet.
    var otherRegistries: RegistryState
    var transfers = TransferPool()
    var transferEpoch: UInt32 = 0
    var transferTimer = Instant.never

    /// Creates a fleet without machines.
    package init(parameters: KubeletParameters = KubeletParameters(), catalogue: ImageCatalogue = ImageCatalogue()) {
        self.parameters = parameters
        self.catalogue = catalogue
        otherRegistries = RegistryState(name: "", bandwidth: parameters.registryBandwidth)
        addNewRegistries()
    }

    /// Changes what registries offer: moves a tag, adds or hides an image. Pulls under way are not affected.
    package mutating func updateCatalogue(_ change: (inout ImageCatalogue) -> Void) {
        change(&catalogue)
        addNewRegistries()
    }

    mutating func internImage(_ text: String) -> Int32 {
        let image = catalogue.intern(text)
        addNewRegistries()
        return image
    }

    mutating func addNewRegistries() {
        while registries.count < catalogue.registries.count {
            registries.append(
                RegistryState(
                    name: catalogue.registries[registries.count], isUp: otherRegistries.isUp,
                    bandwidth: otherRegistries.bandwidth))
        }
    }

    func registryNumber(_ name: String) -> Int? { registries.firstIndex { $0.name == name } }

    mutating func addRegistry(named name: String) -> Int {
        let number = catalogue.registry(named: name)
        addNewRegistries()
        return Int(number)
    }
}

// MARK: - Questions

extension MachineFleet {
    /// Returns the images on a machine as its node's status lists them: the largest ones first.
    package func images(on node: NodeSlot) -> [NodeImage] {
        nodes[Int(node.index)].images.list(limit: parameters.nodeStatusMaxImages, in: catalogue)
    }

    /// Returns whether a container's process runs.
    package func isRunning(_ slot: PodSlot, container: Int32) -> Bool {
        guard let pod = position(of: slot), pods[pod].containers.indices.contains(Int(container)) else { return false }
        return pods[pod].containers[Int(container)].phase == .running
    }

    /// Returns whether a machine runs.
    package func isOn(_ node: NodeSlot) -> Bool { nodes[Int(node.index)].isOn }

    /// Returns the pods of a machine in the order in which they were assigned.
    package func pods(on node: NodeSlot) -> [PodSlot] {
        nodes[Int(node.index)].pods.map { PodSlot(index: $0, generation: pods[Int($0)].generation) }
    }

    /// Returns a pod's machine, or nil when the pod was forgotten.
    package func node(of slot: PodSlot) -> NodeSlot? { position(of: slot).map { NodeSlot(index: pods[$0].node) } }

    /// Returns the status that was last posted, or nil when the pod was forgotten.
    package func status(of slot: PodSlot) -> PodStatus? { position(of: slot).map { pods[$0].status } }

    /// The position of a pod that was not forgotten.
    func position(of slot: PodSlot) -> Int? {
        let index = Int(slot.index)
        guard pods.indices.contains(index), pods[index].generation == slot.generation, pods[index].stage != .free else {
            return nil
        }
        return index
    }

    func slot(_ pod: Int) -> PodSlot { PodSlot(index: Int32(pod), generation: pods[pod].generation) }
}
