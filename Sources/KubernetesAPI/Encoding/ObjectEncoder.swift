package import Chronology

// Counterpart: the JSON that the API server serves. What is not modelled was not kept, and is not written.

extension KubernetesObject {
    /// Returns the object as a tree that `decode` reads back to an equal object.
    package func encoded(startDate: StartDate) -> ManifestTree {
        let encoder = TreeEncoder(startDate: startDate)
        let (version, kind) = header
        var entries: [(String, ManifestTree?)] = [
            ("apiVersion", .text(version)), ("kind", .text(kind)), ("metadata", encoder.metadata(metadata)),
        ]
        entries += encoder.body(of: self)
        return .mapping(entries)
    }

    /// The apiVersion and kind as they are written.
    private var header: (version: String, kind: String) {
        if case .other(let object) = self { return (object.apiVersion, object.kind) }
        return (Self.servedVersions(of: kind)?.first ?? "v1", kind.name)
    }
}

/// Turns parts of objects into trees; values that equal their defaults are left out where decoding restores them.
struct TreeEncoder {
    let startDate: StartDate

    func body(of object: KubernetesObject) -> [(String, ManifestTree?)] {
        switch object {
        case .namespace, .other: []
        case .node(let object): node(object)
        case .pod(let object): pod(object)
        case .replicaSet(let object): replicaSet(object.spec, object.status, plainSelector: false)
        case .replicationController(let object): replicaSet(object.spec, object.status, plainSelector: true)
        case .deployment(let object): deployment(object)
        case .statefulSet(let object): statefulSet(object)
        case .daemonSet(let object): daemonSet(object)
        case .job(let object): [("spec", jobSpec(object.spec)), ("status", jobStatus(object.status))]
        case .cronJob(let object): cronJob(object)
        case .service(let object):
            service(object)
        case .podDisruptionBudget(let object): budget(object)
        case .priorityClass(let object):
            [
                ("value", .number(Int64(object.value))), ("globalDefault", flag(object.globalDefault)),
                ("preemptionPolicy", .text(object.preemptionPolicy.rawValue)),
            ]
        case .persistentVolume(let object): persistentVolume(object)
        case .persistentVolumeClaim(let object):
            [("spec", claimSpec(object.spec)), ("status", phase(object.phase))]
        case .storageClass(let object): storageClass(object)
        case .horizontalPodAutoscaler(let object): autoscaler(object)
        case .verticalPodAutoscaler(let object): verticalAutoscaler(object)
        case .resourceQuota(let object):
            [
                (
                    "spec",
                    .mapping([
                        ("hard", resources(object.hard)), ("scopes", texts(object.scopes)),
                        ("scopeSelector", optional([("matchExpressions", scopeRequirements(object.scopeSelector))])),
                    ])
                ),
                ("status", optional([("hard", resources(object.statusHard)), ("used", resources(object.used))])),
            ]
        case .limitRange(let object): limitRange(object)
        case .controllerRevision(let object):
            [
                ("revision", .number(object.revision)),
                ("data", .mapping([("spec", .mapping([("template", template(object.template))]))])),
            ]
        case .lease(let object): [("spec", .mapping([("renewTime", time(object.renewTime))]))]
        case .endpoints(let object): endpoints(object)
        case .csiNode(let object): csiNode(object)
        case .endpointSlice(let object): endpointSlice(object)
        }
    }
}

// MARK: - Parts

extension TreeEncoder {
    private func scopeRequirements(_ requirements: [ResourceQuota.ScopeRequirement]) -> ManifestTree? {
        list(requirements) {
            .mapping([
                ("scopeName", .text($0.scope)), ("operator", .text($0.operator.rawValue)), ("values", texts($0.values)),
            ])
        }
    }

    /// Returns a mapping of the entries that are there, or nil when none is.
    func optional(_ entries: [(String, ManifestTree?)]) -> ManifestTree? {
        entries.contains { $0.1 != nil } ? .mapping(entries) : nil
    }

    /// Returns a text, or nil for the empty one.
    func text(_ text: String?) -> ManifestTree? { text.flatMap { $0.isEmpty ? nil : .text($0) } }

    /// Returns a number, or nil when there is none.
    func number(_ number: Int64?) -> ManifestTree? { number.map { .number($0) } }

    /// Returns a number, or nil for 0.
    func nonZero(_ number: Int64) -> ManifestTree? { number == 0 ? nil : .number(number) }

    /// Returns true, or nil for false.
    func flag(_ truth: Bool) -> ManifestTree? { truth ? .bool(true) : nil }

    func time(_ instant: Instant?) -> ManifestTree? {
        instant.map { .text(startDate.unixTime(of: $0).text()) }
    }

    func texts(_ texts: [String]) -> ManifestTree? {
        texts.isEmpty ? nil : .sequence(texts.map { .text($0) })
    }

    func list<Element>(_ elements: [Element], _ body: (Element) -> ManifestTree) -> ManifestTree? {
        elements.isEmpty ? nil : .sequence(elements.map(body))
    }

    func map(_ map: StringMap) -> ManifestTree? {
        map.isEmpty ? nil : .mapping(map.pairs.map { ($0.key, .text($0.value)) })
    }

    func quantity(_ quantity: Quantity?) -> ManifestTree? { quantity.map { .text($0.description) } }

    func resources(_ list: ResourceList) -> ManifestTree? {
        list.isEmpty ? nil : .mapping(list.entries.map { ($0.name.text, .text($0.amount.description)) })
    }

    func amount(_ amount: IntOrPercent?) -> ManifestTree? {
        switch amount {
        case .number(let count)?: .number(count)
        case .percent(let share)?: .text("\(share)%")
        case nil: nil
        }
    }

    func phase(_ phase: String) -> ManifestTree? { optional([("phase", text(phase))]) }
}

// MARK: - Metadata

extension TreeEncoder {
    func metadata(_ metadata: ObjectMeta) -> ManifestTree {
        .mapping([
            ("name", text(metadata.name)), ("generateName", text(metadata.generateName)),
            ("namespace", text(metadata.namespace)),
            ("uid", metadata.uid == .none ? nil : .text(metadata.uid.description)),
            ("resourceVersion", metadata.resourceVersion == 0 ? nil : .text(String(metadata.resourceVersion))),
            ("generation", nonZero(metadata.generation)), ("creationTimestamp", time(metadata.creationTimestamp)),
            ("deletionTimestamp", time(metadata.deletionTimestamp)),
            ("deletionGracePeriodSeconds", number(metadata.deletionGracePeriodSeconds)),
            ("labels", map(metadata.labels)), ("annotations", map(metadata.annotations)),
            ("ownerReferences", list(metadata.ownerReferences, owner)), ("finalizers", texts(metadata.finalizers)),
        ])
    }

    private func owner(_ owner: OwnerReference) -> ManifestTree {
        .mapping([
            ("apiVersion", text(owner.apiVersion)), ("kind", .text(owner.kind)), ("name", .text(owner.name)),
            ("uid", owner.uid == .none ? nil : .text(owner.uid.description)),
            ("controller", flag(owner.controller)), ("blockOwnerDeletion", flag(owner.blockOwnerDeletion)),
        ])
    }

    func condition(_ condition: Condition) -> ManifestTree {
        let isUpdated = condition.lastUpdateTime != condition.lastTransitionTime
        return .mapping([
            ("type", .text(condition.type.name)), ("status", .text(condition.status.rawValue)),
            ("reason", text(condition.reason)), ("message", text(condition.message)),
            ("lastTransitionTime", time(condition.lastTransitionTime)),
            ("lastUpdateTime", isUpdated ? time(condition.lastUpdateTime) : nil),
        ])
    }
}

// MARK: - Selectors

extension TreeEncoder {
    func selector(_ selector: LabelSelector?) -> ManifestTree? {
        selector.map { selector in
            .mapping([
                ("matchLabels", map(selector.matchLabels)),
                (
                    "matchExpressions",
                    list(selector.matchExpressions) { requirement in
                        .mapping([
                            ("key", .text(requirement.key)), ("operator", .text(requirement.operator.rawValue)),
                            ("values", texts(requirement.values)),
                        ])
                    }
                ),
            ])
        }
    }

    func nodeSelector(_ selector: NodeSelector?) -> ManifestTree? {
        selector.map { .mapping([("nodeSelectorTerms", .sequence($0.terms.map(nodeSelectorTerm)))]) }
    }

    func nodeSelectorTerm(_ term: NodeSelectorTerm) -> ManifestTree {
        func requirement(_ requirement: NodeSelectorRequirement) -> ManifestTree {
            .mapping([
                ("key", .text(requirement.key)), ("operator", .text(requirement.operator.rawValue)),
                ("values", texts(requirement.values)),
            ])
        }
        return .mapping([
            ("matchExpressions", list(term.matchExpressions, requirement)),
            ("matchFields", list(term.matchFields, requirement)),
        ])
    }
}
