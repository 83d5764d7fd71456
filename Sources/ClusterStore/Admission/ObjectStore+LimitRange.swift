// Kubernetes counterpart: plugin/pkg/admission/limitranger (v1.36). Deliberate differences: of several bounds that are
// broken, upstream names them in any order.

import ControlPlane
import KubernetesAPI

extension ObjectStore {
    /// Fills in what the namespace's limit ranges give containers.
    func fill(_ limits: HandleList, into spec: inout PodSpec) {
        for item in items(limits) { item.fill(&spec) }
    }

    /// Refuses a pod that asks for more than it may use, as a default limit below its own request makes it
    /// (`validateResourceRequirements`).
    static func checkRequests(of spec: PodSpec) throws(ActionError) {
        var reasons: [String] = []
        for (field, containers) in [("containers", spec.containers), ("initContainers", spec.initContainers)] {
            for (place, container) in containers.enumerated() {
                for request in container.requests.entries {
                    guard let limit = container.limits[request.name], limit != request.amount else { continue }
                    let isShared = !request.name.isWhole
                    if isShared, request.amount < limit { continue }
                    let relation = isShared ? "less than or equal to" : "equal to"
                    reasons.append(
                        "spec.\(field)[\(place)].resources.requests: Invalid value: \"\(request.amount)\": "
                            + "must be \(relation) \(request.name) limit of \(limit)")
                }
            }
        }
        if !reasons.isEmpty { throw .invalid(Self.list(reasons)) }
    }

    /// Refuses a pod that one of the namespace's limit ranges forbids; the first that does is the one that tells.
    func check(_ limits: HandleList, _ spec: PodSpec, of pod: Pod) throws(ActionError) {
        for case .limitRange(let range) in self[.limitRange].objects(limits) {
            var reasons: [String] = []
            for item in range.items {
                if item.type == "Container" {
                    for container in spec.containers + spec.initContainers {
                        reasons += LimitBounds(item, container.requests, container.limits).reasons
                    }
                } else if item.type == "Pod" {
                    reasons +=
                        LimitBounds(item, PodAmounts.boundRequests(of: spec), PodAmounts.boundLimits(of: spec)).reasons
                }
            }
            try Self.refuse("pods", pod.metadata.shownName, reasons)
        }
    }

    /// Refuses a claim that asks for more or less than one of the namespace's limit ranges allows.
    func checkLimits(of object: KubernetesObject) throws(ActionError) {
        guard case .persistentVolumeClaim(let claim) = object,
            let limits = self[.limitRange].byNamespace[NameKey(claim.metadata.namespace)]
        else { return }
        let storage: ResourceList = claim.spec.request == .zero ? [:] : [.storage: claim.spec.request]
        for case .limitRange(let range) in self[.limitRange].objects(limits) {
            var reasons: [String] = []
            for item in range.items where item.type == "PersistentVolumeClaim" {
                // A claim has no limits: only what it asks for counts.
                var bounds = item
                bounds.maxLimitRequestRatio = [:]
                reasons += LimitBounds(bounds, storage, storage).reasons
            }
            try Self.refuse("persistentvolumeclaims", claim.metadata.name, reasons)
        }
    }

    private func items(_ limits: HandleList) -> [LimitRange.Item] {
        var items: [LimitRange.Item] = []
        for case .limitRange(let range) in self[.limitRange].objects(limits) { items += range.items }
        return items
    }

    private static func refuse(_ resource: String, _ name: String, _ reasons: [String]) throws(ActionError) {
        if reasons.isEmpty { return }
        // Containers that break one bound in the same way say so once.
        var told: [String] = []
        for reason in reasons where !told.contains(reason) { told.append(reason) }
        throw .forbidden("\(resource) \"\(name)\" is forbidden: \(list(told))")
    }

    private static func list(_ reasons: [String]) -> String {
        reasons.count == 1 ? reasons[0] : "[\(reasons.joined(separator: ", "))]"
    }
}

/// What an item of a limit range has against amounts, in upstream's words.
struct LimitBounds {
    private(set) var reasons: [String] = []

    init(_ item: LimitRange.Item, _ requests: ResourceList, _ limits: ResourceList) {
        for bound in item.min.entries { addMinimum(bound.name, bound.amount, requests, limits, item.type) }
        for bound in item.max.entries { addMaximum(bound.name, bound.amount, requests, limits, item.type) }
        for bound in item.maxLimitRequestRatio.entries {
            addRatio(bound.name, bound.amount, requests, limits, item.type)
        }
    }

    private mutating func addMinimum(
        _ name: ResourceName, _ bound: Quantity, _ requests: ResourceList, _ limits: ResourceList, _ type: String
    ) {
        let text = "minimum \(name) usage per \(type) is \(bound)"
        guard let request = requests[name] else { return reasons.append(text + ".  No request is specified") }
        if request < bound {
            reasons.append(text + ", but request is \(request)")
        } else if let limit = limits[name], limit < bound {
            reasons.append(text + ", but limit is \(limit)")
        }
    }

    private mutating func addMaximum(
        _ name: ResourceName, _ bound: Quantity, _ requests: ResourceList, _ limits: ResourceList, _ type: String
    ) {
        let text = "maximum \(name) usage per \(type) is \(bound)"
        if type == "PersistentVolumeClaim" {
            if let request = requests[name], request > bound { reasons.append(text + ", but request is \(request)") }
            return
        }
        guard let limit = limits[name] else { return reasons.append(text + ".  No limit is specified") }
        if limit > bound {
            reasons.append(text + ", but limit is \(limit)")
        } else if let request = requests[name], request > bound {
            reasons.append(text + ", but request is \(request)")
        }
    }

    private mutating func addRatio(
        _ name: ResourceName, _ bound: Quantity, _ requests: ResourceList, _ limits: ResourceList, _ type: String
    ) {
        let text = "\(name) max limit to request ratio per \(type) is \(bound)"
        guard let request = requests[name], request > .zero else {
            return reasons.append(text + ", but no request is specified or request is 0")
        }
        guard let limit = limits[name], limit > .zero else {
            return reasons.append(text + ", but no limit is specified or limit is 0")
        }
        let (allowed, isBeyond) = bound.nanos.multipliedReportingOverflow(by: request.nanos)
        if !isBeyond, limit.nanos * Quantity(1).nanos > allowed {
            reasons.append(text + ", but provided ratio is \(Self.ratio(limit.nanos, request.nanos))")
        }
    }

    /// Six digits behind the point, as upstream prints ratios.
    private static func ratio(_ limit: Int128, _ request: Int128) -> String {
        let millionths = (limit * 1_000_000 + request / 2) / request
        let fraction = String(millionths % 1_000_000)
        return "\(millionths / 1_000_000).\(String(repeating: "0", count: 6 - fraction.count))\(fraction)"
    }
}
