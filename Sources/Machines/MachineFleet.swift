package import Chronology
package import KubernetesAPI
package import VirtualTime

/// All node agents of a run and what they govern: sandboxes, containers, images and pulls.
///
/// It has neither clock nor queue: each call is told the time and appends what is to happen to `effects`. The same
/// calls in the same order give the same effects. Copies share the records of their pods, so one fleet is used alone. A
/// machine that is off hears nothing; what it was told meanwhile counts when it comes back.
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
    /// How many outages are those of all registries, also of those that nobody has named yet, and what these share.
    var outagesOfAllRegistries = 0
    var otherRegistriesBandwidth: Int64
    /// How images come to machines.
    package let supply: ImageSupply
    let seed: Seed
    /// The names of the zones, and their caches when there are any.
    var zones: [String] = []
    var caches: [ZoneCache] = []
    var fetches: [LayerFetch] = []
    var freeFetches: [Int32] = []
    var transfers = TransferPool()
    var transferEpoch: UInt32 = 0
    var transferTimer = Instant.never
    /// Counts the groups of pods that shutdowns ended, to tell their timers apart.
    var shutdowns: UInt32 = 0
    /// How many kubelets hang.
    var hungMachines = 0
    /// What is wrong with registries and images now, in the order in which it began.
    var troubles: [SupplyTrouble] = []

    /// Creates a fleet without machines.
    package init(
        parameters: KubeletParameters = KubeletParameters(), catalogue: ImageCatalogue = ImageCatalogue(),
        supply: ImageSupply = ImageSupply(), seed: Seed = 1
    ) {
        self.parameters = parameters
        self.catalogue = catalogue
        self.supply = supply
        self.seed = seed
        otherRegistriesBandwidth = parameters.registryBandwidth
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
            let name = catalogue.registries[registries.count]
            let setup = supply.registries.first { $0.name == name } ?? RegistrySetup(name: name)
            let link = transfers.addLink(bandwidth: setup.bandwidth ?? otherRegistriesBandwidth)
            registries.append(RegistryState(setup, link: link, outages: outagesOfAllRegistries))
            if !troubles.isEmpty { shareLink(of: registries.count - 1) }
        }
    }

    /// Returns the number of a zone, with a cache of its own if zones have caches.
    mutating func zone(named name: String) -> Int32 {
        if let known = zones.firstIndex(of: name) { return Int32(known) }
        zones.append(name)
        if let bandwidth = supply.cacheBandwidth {
            caches.append(ZoneCache(link: transfers.addLink(bandwidth: bandwidth)))
        }
        return Int32(zones.count - 1)
    }

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
        nodes[Int(node.index)].images.list(limit: parameters.nodeStatusMaxImages)
    }

    /// Returns the reference, the digest and the size of what a container runs, by the numbers of its record.
    package func imageVersion(reference: Int32, target: Int32) -> (image: String, digest: String, bytes: Int64) {
        let named = catalogue.targets[Int(target)]
        return (
            catalogue.entries[Int(reference)].reference.canonical, named.digest,
            catalogue.manifests[Int(named.manifests[0])].bytes
        )
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

    /// Returns what a pod's kubelet would post now and has not, for checks; nil when there is nothing.
    package func unpostedChange(of slot: PodSlot, at now: Instant) -> String? {
        guard let pod = position(of: slot), pods[pod].status.startTime != nil, !pods[pod].isOrphan else { return nil }
        // A kubelet that hangs posts nothing.
        if nodes[Int(pods[pod].node)].isHung { return nil }
        let copy = PodRecord(copying: pods[pod])
        // A worker that is busy with one container, or with the end of all, posts what it sees when it is done.
        guard copy.stage != .stopping, copy.victims == 0, copy.cursor < 0, copy.refreshStatus(at: now) else {
            return nil
        }
        return "posted \(pods[pod].status.phase) with \(pods[pod].status.containerStatuses), is \(copy.status.phase) "
            + "with \(copy.status.containerStatuses)"
    }

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
