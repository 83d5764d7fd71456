import KubernetesAPI

/// Adds what objects of an export refer to and exports seldom hold: revisions of templates, and owners of other kinds.
///
/// Without the first, controllers would take every pod for one of an older template; without the second, the garbage
/// collector would delete what the owners left behind.
struct OwnerSupply {
    private let loaded: [LoadedObject]
    private let diagnostics: Diagnostics
    private var uids: Set<UID> = []
    /// All objects of the export that are brought in, and what was added.
    private(set) var objects: [KubernetesObject] = []

    init(_ loaded: [LoadedObject], diagnostics: Diagnostics) {
        self.loaded = loaded
        self.diagnostics = diagnostics
        for entry in loaded {
            uids.insert(entry.object.metadata.uid)
            if case .other(let other) = entry.object {
                // Events are read for themselves.
                if other.kind == "Event" { continue }
                objects.append(.other(Self.renamed(other)))
            } else {
                objects.append(entry.object)
            }
        }
    }

    /// Objects of kinds that are not modelled share one table here: their kind makes their names differ.
    private static func renamed(_ other: UnmodelledObject) -> UnmodelledObject {
        guard other.podGroup == nil else { return other }
        var renamed = other
        renamed.metadata.name = "\(other.metadata.name).\(other.kind.lowercased())"
        return renamed
    }

    // MARK: - Revisions

    /// Adds the revisions of stateful sets and daemon sets that are not among the objects.
    mutating func addRevisions() {
        var recorded: Set<UID> = []
        for entry in loaded where entry.object.kind == .controllerRevision {
            if let owner = entry.object.metadata.controllerUID { recorded.insert(owner) }
        }
        for entry in loaded where !recorded.contains(entry.object.metadata.uid) {
            switch entry.object {
            case .statefulSet(let set) where set.metadata.uid != .none: addRevisions(of: set, at: entry.place)
            case .daemonSet(let set) where set.metadata.uid != .none: addRevision(of: set, at: entry.place)
            default: break
            }
        }
    }

    private mutating func addRevisions(of set: StatefulSet, at place: SourcePlace) {
        let (update, current) = (set.status.updateRevision, set.status.currentRevision)
        guard !update.isEmpty else { return }
        tellStandIn(of: "StatefulSet", at: place)
        if !current.isEmpty, current != update {
            var template = set.spec.template
            // The template before is known by the pods that are made of it.
            if let pod = pods(of: set.metadata.uid).first(where: { $0.metadata.labels[Self.hashLabel] == current }) {
                for index in template.spec.containers.indices {
                    let name = template.spec.containers[index].name
                    guard let old = pod.spec.containers.first(where: { $0.name == name }) else { continue }
                    template.spec.containers[index].image = old.image
                    template.spec.containers[index].requests = old.requests
                    template.spec.containers[index].limits = old.limits
                }
            }
            if template != set.spec.template {
                add(revision: current, number: 1, template, label: Self.setHashLabel, of: .statefulSet(set))
            }
        }
        add(revision: update, number: 2, set.spec.template, label: Self.setHashLabel, of: .statefulSet(set))
    }

    private mutating func addRevision(of set: DaemonSet, at place: SourcePlace) {
        let pods = pods(of: set.metadata.uid)
        let generation = set.metadata.annotations[Self.generation]
        let newest = pods.filter { generation == nil || $0.metadata.labels[Self.podGeneration] == generation }
        let hashes = Set(newest.compactMap { $0.metadata.labels[Self.hashLabel] }).sorted()
        guard hashes.count == 1 else {
            if !pods.isEmpty {
                warn(
                    "which pods are of the present template is not known, and all of them are replaced: export "
                        + "controllerrevisions as well", "DaemonSet", at: place)
            }
            return
        }
        tellStandIn(of: "DaemonSet", at: place)
        add(
            revision: "\(set.metadata.name)-\(hashes[0])", number: 1, set.spec.template, label: Self.hashLabel,
            hash: hashes[0], of: .daemonSet(set))
    }

    private mutating func add(
        revision name: String, number: Int64, _ template: PodTemplateSpec, label: String, hash: String? = nil,
        of owner: KubernetesObject
    ) {
        var metadata = ObjectMeta(
            name: name, namespace: owner.metadata.namespace, labels: template.labels)
        metadata.labels[label] = hash ?? String(name.split(separator: "-").last ?? "")
        metadata.creationTimestamp = owner.metadata.creationTimestamp
        metadata.uid = UID(text: "controllerrevision \(metadata.namespace)/\(name)")
        metadata.ownerReferences = [
            OwnerReference(
                apiVersion: "apps/v1", kind: owner.kind.name, name: owner.metadata.name, uid: owner.metadata.uid,
                controller: true, blockOwnerDeletion: true)
        ]
        uids.insert(metadata.uid)
        objects.append(
            .controllerRevision(ControllerRevision(metadata: metadata, revision: number, template: template)))
    }

    private func pods(of owner: UID) -> [Pod] {
        loaded.compactMap { entry in
            if case .pod(let pod) = entry.object, pod.metadata.controllerUID == owner { pod } else { nil }
        }
    }

    private static let setHashLabel = "controller.kubernetes.io/hash"
    private static let hashLabel = "controller-revision-hash"
    private static let generation = "deprecated.daemonset.template.generation"
    private static let podGeneration = "pod-template-generation"

    private func tellStandIn(of kind: String, at place: SourcePlace) {
        diagnostics.addFolded(
            Diagnostic(
                .note, file: place.file, position: place.position,
                message: "\(kind): its revisions are not in the export and are made from its template and status"),
            pattern: "export revisions \(kind)")
    }

    // MARK: - Owners

    /// Adds a stand-in for every owner that is not among the objects, and says what is missed of it.
    mutating func addOwners() {
        for entry in loaded {
            for reference in entry.object.metadata.ownerReferences
            where reference.uid != .none && uids.insert(reference.uid).inserted {
                let kind = reference.kind
                warn(
                    "its owner, a \(kind), is not in the export: what it owns goes on, and nobody scales or replaces it",
                    entry.object.kind.name, at: entry.place)
                var metadata = ObjectMeta(
                    name: "\(reference.name).\(kind.lowercased())", namespace: entry.object.metadata.namespace)
                metadata.uid = reference.uid
                objects.append(
                    .other(UnmodelledObject(apiVersion: reference.apiVersion, kind: kind, metadata: metadata)))
            }
        }
        var owners: Set<UID> = []
        for entry in loaded where entry.object.kind == .replicaSet {
            if let owner = entry.object.metadata.controllerUID { owners.insert(owner) }
        }
        for entry in loaded where !owners.contains(entry.object.metadata.uid) { warnOfMissingSets(entry) }
    }

    /// A deployment whose replica sets are missing would make a new one beside the pods that it has.
    private func warnOfMissingSets(_ entry: LoadedObject) {
        guard case .deployment(let deployment) = entry.object, deployment.metadata.uid != .none,
            deployment.status.replicas > 0
        else { return }
        warn(
            "its replica sets are not in the export, and it makes new ones with pods of their own: export replicasets as "
                + "well", "Deployment", at: entry.place)
    }

    private func warn(_ message: String, _ subject: String, at place: SourcePlace) {
        diagnostics.addFolded(
            Diagnostic(
                diagnostics.isStrict ? .error : .warning, file: place.file, position: place.position,
                message: "\(subject): \(message)"),
            pattern: "export \(subject)")
    }
}
