// Kubernetes counterpart: k8s.io/apiserver/pkg/admission/plugin/resourcequota (v1.36). Deliberate differences: nothing
// is limited by default; of updates those of claims and services are charged, pods are not resized.

package import KubernetesAPI

extension ResourceQuota {
    /// Returns what is used once `object` is created, nil when the quota does not concern it, or refuses with a reason.
    ///
    /// The limits are those of the status: a quota that its controller has not counted yet bounds nothing.
    package func charging(_ object: KubernetesObject, _ usage: QuotaUsage) throws(QuotaRefusal) -> ResourceList? {
        let limited = Self.names(statusHard.entries.map(\.name), of: usage.resource)
        guard !limited.isEmpty, covers(object) else { return nil }
        if case .pod(let pod) = object, let missing = Self.missing(limited, in: pod.spec) {
            throw QuotaRefusal(reason: "failed quota: \(metadata.name): must specify \(missing)")
        }
        if limited.contains(where: { used[$0] == nil }) {
            let names = limited.map(\.text).sorted().joined(separator: ",")
            throw QuotaRefusal(reason: "status unknown for quota: \(metadata.name), resources: \(names)")
        }
        var next = used
        var exceeded: [ResourceName] = []
        for entry in usage.amounts.entries where entry.amount > .zero {
            guard let hard = statusHard[entry.name] else { continue }
            next.add(entry.amount, to: entry.name)
            if let sum = next[entry.name], sum > hard { exceeded.append(entry.name) }
        }
        guard exceeded.isEmpty else {
            func text(_ list: ResourceList) -> String {
                exceeded.map { "\($0)=\(list[$0] ?? .zero)" }.joined(separator: ",")
            }
            throw QuotaRefusal(
                reason: "exceeded quota: \(metadata.name), requested: \(text(usage.amounts)), used: \(text(used)), "
                    + "limited: \(text(statusHard))")
        }
        return next
    }

    /// Returns which of `limited` containers have to name and do not, as "requests.cpu for: a,b; …", or nil.
    private static func missing(_ limited: [ResourceName], in spec: PodSpec) -> String? {
        if !spec.requests.isEmpty || !spec.limits.isEmpty { return nil }
        var parts: [String] = []
        for name in limited.map(\.text).sorted() {
            guard let asked = askedFor[name] else { continue }
            let silent = (spec.containers + spec.initContainers).filter {
                (asked.isLimit ? $0.limits : $0.requests)[asked.resource] == nil
            }
            if silent.isEmpty { continue }
            parts.append("\(name) for: \(Set(silent.map(\.name)).sorted().joined(separator: ","))")
        }
        return parts.isEmpty ? nil : parts.joined(separator: "; ")
    }

    /// The limited names that every container has to name itself: only these, for old times' sake.
    private static let askedFor: [String: (resource: ResourceName, isLimit: Bool)] = [
        "cpu": (.cpu, false), "memory": (.memory, false), "requests.cpu": (.cpu, false),
        "requests.memory": (.memory, false), "limits.cpu": (.cpu, true), "limits.memory": (.memory, true),
    ]
}

/// Why a quota refuses an object.
package struct QuotaRefusal: Error, Hashable, Sendable {
    /// The reason, as it stands in the server's message.
    package var reason: String
}
