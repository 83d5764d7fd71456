// Counterpart: v1.Node and storage.k8s.io/v1.CSINode.

extension Node {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        let spec = reader.object("spec") { NodeSpec(reading: $0) }
        let status = reader.object("status") { NodeStatus(reading: $0) }
        self.init(metadata: metadata, spec: spec ?? NodeSpec(), status: status ?? NodeStatus())
    }
}

extension NodeSpec {
    init(reading reader: FieldReader) {
        self.init()
        unschedulable = reader.bool("unschedulable") ?? false
        taints = reader.objects("taints") { Taint(reading: $0) }
        providerID = reader.string("providerID") ?? ""
        reader.inert(["podCIDR", "podCIDRs", "configSource", "externalID"])
    }
}

extension NodeStatus {
    private static let inertFields = [
        "phase", "addresses", "daemonEndpoints", "nodeInfo", "volumesInUse", "volumesAttached", "config",
        "runtimeHandlers", "features",
    ]

    init(reading reader: FieldReader) {
        self.init()
        capacity = reader.resources("capacity")
        // The API server takes capacity for allocatable when only the former is given.
        let stated = reader.resources("allocatable")
        allocatable = reader.has("allocatable") ? stated : capacity
        conditions = reader.objects("conditions") { Condition(reading: $0) }
        images = reader.objects("images") {
            NodeImage(names: $0.strings("names"), sizeBytes: $0.int64("sizeBytes", in: 0...Int64.max) ?? 0)
        }
        reader.inert(Self.inertFields)
        reader.unmodelled(["declaredFeatures"])
    }
}

extension CSINode {
    init(reading reader: FieldReader, metadata: ObjectMeta) {
        self.init(metadata: metadata)
        reader.object("spec") { reader in
            drivers = reader.objects("drivers") { reader in
                reader.inert(["nodeID"])
                return Driver(
                    name: reader.requiredString("name"), topologyKeys: reader.strings("topologyKeys"),
                    allocatableCount: reader.object("allocatable") { $0.count("count") } ?? nil)
            }
        }
    }
}
