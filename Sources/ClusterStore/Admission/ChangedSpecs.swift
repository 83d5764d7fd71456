import KubernetesAPI

/// Remembers what a webhook made of admitted specs, so that pods that got the same amounts share one spec.
///
/// Bounded as `PodAdmission` is: what it forgets is only made again.
struct ChangedSpecs: Sendable {
    private struct Key: Hashable, Sendable {
        var source: ObjectIdentifier
        /// Requests and limits of each container in turn: all that a webhook changes.
        var amounts: [ResourceList]
    }

    private var young: [Key: AdmittedSpec] = [:]
    private var old: [Key: AdmittedSpec] = [:]

    mutating func share(_ spec: PodSpec, changedFrom source: PodSpecBox) -> AdmittedSpec {
        // The box that is kept holds its source, whose address is so its own.
        let key = Key(source: ObjectIdentifier(source), amounts: spec.containers.flatMap { [$0.requests, $0.limits] })
        if let known = young[key] { return known }
        let made =
            old[key] ?? AdmittedSpec(box: PodSpecBox(spec, changedFrom: source), qosClass: .init(of: spec))
        if young.count >= PodAdmission.entriesMax {
            old = young
            young = [:]
        }
        young[key] = made
        return made
    }
}
