import Chronology
import Faults
import KubernetesAPI
import Machines
import Simulation

/// Warns of faults that will never strike, or hit nothing: such a scenario looks as if the cluster had withstood them.
struct FaultCheck {
    let reading: ScenarioReading
    let setup: WorldSetup
    /// Whether machines may come that no pool names.
    let buysMachines: Bool

    /// Looks at every fault; `objects` are those of the manifests, and those that come later.
    func check(_ objects: [KubernetesObject]) {
        let images = images(of: objects)
        for (spec, place) in zip(setup.faults, reading.faultPlaces) {
            if let first = Self.first(of: spec), first > .start + setup.horizon {
                warn(
                    "\(spec.name) strikes first after \(first.sinceStart), and the run ends after \(setup.horizon)",
                    at: place.timing, expected: "a time within the run")
                continue
            }
            switch spec.kind.scope {
            case .deployments: checkDeployments(spec, place, objects)
            case .registries: checkRegistries(spec, place, images)
            case .images: checkImages(spec, place, images)
            case .nodes, .zones, .racks, .regions: checkMachines(spec, place)
            case .launches, .pods, .controllers, .controlPlane: continue
            }
        }
    }

    /// When a fault strikes first, as far as the scenario itself says so.
    private static func first(of spec: FaultSpec) -> Instant? {
        switch spec.timing {
        case .at(let instant), .every(_, let instant): instant
        case .lifetime, .when, .trace: nil
        }
    }

    private func warn(_ message: String, at place: (path: FieldPath, position: Position), expected: String? = nil) {
        reading.decoding.diagnostics.add(
            Diagnostic(
                .warning, file: reading.decoding.file, position: place.position, path: place.path.text,
                message: message, expected: expected))
    }

    // MARK: - Machines

    private func checkMachines(_ spec: FaultSpec, _ place: ScenarioReading.FaultPlace) {
        // Of machines that are yet to be bought nobody knows where they will stand.
        guard !buysMachines, !setup.pools.isEmpty, setup.pools.allSatisfy({ $0.autoscaling == nil }) else { return }
        let isThere = setup.pools.contains { pool in
            (0..<pool.count).contains { spec.targets.matches(Self.candidate($0, of: pool)) }
        }
        if isThere { return }
        warn(
            "\(spec.name) has no machine that it could strike: none is in all of these places, with these labels",
            at: place.target)
    }

    private static func candidate(_ number: Int, of pool: NodePool) -> FaultCandidate {
        let metadata = World.template(of: number, in: pool).metadata
        return FaultCandidate(
            name: metadata.name, zone: metadata.labels["topology.kubernetes.io/zone"] ?? "",
            rack: metadata.labels[NodePool.rackLabel] ?? "",
            region: metadata.labels["topology.kubernetes.io/region"] ?? "", pool: pool.name, labels: metadata.labels)
    }

    // MARK: - Deployments

    private func checkDeployments(
        _ spec: FaultSpec, _ place: ScenarioReading.FaultPlace, _ objects: [KubernetesObject]
    ) {
        let meant = objects.filter { $0.kind == .deployment && spec.targets.matches(Self.candidate($0)) }
        guard !meant.isEmpty else {
            return warn(
                "\(spec.name) has no Deployment that it could strike", at: place.target,
                expected: "namespace, name or labels of a Deployment of the manifests")
        }
        guard case .at(let instant) = spec.timing else { return }
        let deleted = meant.compactMap { end(of: $0.key, before: instant) }
        guard deleted.count == meant.count, let last = deleted.max() else { return }
        warn(
            "\(spec.name) finds no Deployment that it could strike: a change has deleted "
                + (meant.count == 1 ? "it" : "the last of them") + " after \(last.sinceStart)", at: place.timing)
    }

    private static func candidate(_ object: KubernetesObject) -> FaultCandidate {
        let (namespace, name) = (object.metadata.namespace, object.metadata.name)
        return FaultCandidate(
            name: "\(namespace)/\(name)", labels: object.metadata.labels,
            workload: FaultCandidate.Workload(kind: object.kind.name, namespace: namespace, name: name))
    }

    /// When a change deletes an object before an instant, and none makes it anew until then; nil where it stays.
    private func end(of key: ObjectKey, before instant: Instant) -> Instant? {
        var end: Instant?
        for change in setup.changes.sorted(by: { $0.at < $1.at }) where change.at < instant {
            switch change.act {
            case .delete(let deleted) where deleted == key: end = change.at
            case .apply(let objects) where objects.contains { $0.key == key }: end = nil
            case .apply, .scale, .setImage, .publish, .cordon, .uncordon, .drain, .shutDown, .delete, .replacePods:
                continue
            }
        }
        return end
    }

    // MARK: - Images

    /// The images that are pulled in the run, each once, in the order of the objects.
    private func images(of objects: [KubernetesObject]) -> [String] {
        var seen: Set<String> = []
        let changed = setup.changes.compactMap { change -> String? in
            if case .setImage(_, _, let image) = change.act { image } else { nil }
        }
        let pools = setup.pools.flatMap { $0.presentImages + $0.pulledImages }
        let own = objects.compactMap(FidelityCheck.podSpec).flatMap { ($0.initContainers + $0.containers).map(\.image) }
        return (own + changed + pools).filter { seen.insert($0).inserted }
    }

    private func checkRegistries(_ spec: FaultSpec, _ place: ScenarioReading.FaultPlace, _ images: [String]) {
        var known: [String] = []
        for registry in images.map({ ImageReference($0).registry }) where !known.contains(registry) {
            known.append(registry)
        }
        guard !known.isEmpty else { return }
        for name in spec.targets.names where !known.contains(name) {
            warn(
                "\(spec.name) strikes the registry \(name), and no image comes from there", at: place.target,
                expected: "one of \(known.prefix(6).joined(separator: ", "))")
        }
    }

    private func checkImages(_ spec: FaultSpec, _ place: ScenarioReading.FaultPlace, _ images: [String]) {
        guard !images.isEmpty else { return }
        for name in spec.targets.images {
            let trouble = SupplyTrouble(.missing, of: name)
            if images.contains(where: { trouble.concerns(ImageReference($0)) }) { continue }
            let shown = name.hasSuffix(":*") ? String(name.dropLast(2)) : name
            warn("\(spec.name) strikes the image \(shown), and no container has it", at: place.target)
        }
    }
}
