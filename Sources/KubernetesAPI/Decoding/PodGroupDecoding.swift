import Chronology

extension PodGroupPolicy {
    /// The groups and versions in which a PodGroup is read.
    static let apiVersions = [
        "scheduling.k8s.io/v1alpha2", "scheduling.x-k8s.io/v1alpha1", "scheduling.sigs.k8s.io/v1alpha1",
    ]

    /// Whether a manifest is a PodGroup.
    static func isPodGroup(apiVersion: String, kind: String) -> Bool {
        kind == "PodGroup" && apiVersions.contains(apiVersion)
    }

    /// Reads `spec` of a PodGroup.
    init(reading reader: FieldReader, apiVersion: String) {
        self.init()
        if apiVersion == Self.apiVersions[0] {
            reader.inert(["podGroupTemplateRef"])
            reader.unmodelled(["schedulingConstraints"])
            if !reader.has("schedulingPolicy") { reader.error("schedulingPolicy", "a value is required") }
            reader.object("schedulingPolicy") { policy in
                _ = policy.object("basic") { _ in }
                policy.object("gang") { gang in
                    if !gang.has("minCount") { gang.error("minCount", "a value is required") }
                    minCount = gang.int64("minCount", in: 1...Int64(Int32.max)) ?? 1
                }
                if policy.has("basic") == policy.has("gang") {
                    policy.error("gang", "one policy is required", expected: "exactly one of basic, gang")
                }
            }
        } else {
            minCount = reader.int64("minMember", in: 1...Int64(Int32.max)) ?? 1
            timeout =
                reader.int64("scheduleTimeoutSeconds", in: 1...Int64(Int32.max)).map { .seconds($0) } ?? .seconds(60)
            reader.unmodelled(["minResources"])
        }
    }
}
