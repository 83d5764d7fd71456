import Autoscalers
import Costs
import KubernetesAPI
import Machines
import Simulation

/// Lays out what Karpenter may buy, and looks whether the NodePools can do anything with it.
struct MarketAssembly {
    let assembly: ScenarioAssembly
    let section: KarpenterSection
    let catalogue: MachineCatalogue
    let prices: PriceShelf
    let pools: [NodePool]

    /// Returns the machine types with a price, in all zones.
    func market() -> MachineMarket {
        let provider = prices.provider ?? pools.lazy.compactMap { Provider.selling($0.machineType.name) }.first ?? .aws
        let others = Set((provider == .aws ? Provider.gcp : .aws).catalogue.types.map(\.name))
        var models: [MachineModel] = []
        for type in catalogue.types where !others.contains(type.name) && isWanted(type.name) {
            let onDemand = prices.price(of: type.name, purchase: .onDemand)
            let spot = prices.price(of: type.name, purchase: .spot)
            if onDemand != nil || spot != nil { models.append(MachineModel(type, onDemand: onDemand, spot: spot)) }
        }
        for pattern in section.machineTypes {
            if catalogue.types.contains(where: { Self.matches($0.name, pattern.text) }) { continue }
            let nearest = catalogue.nearestNames(to: pattern.text)
            assembly.diagnostics.add(
                Diagnostic(
                    .error, file: assembly.scenarioFile ?? "--set", position: pattern.position,
                    path: pattern.path.text,
                    message: "there is no machine type \"\(ManifestTree.shortened(pattern.text))\"",
                    expected: "names of machine types, with * for any text", nearest: nearest.first))
        }
        let zones = zoneNames(provider)
        if models.isEmpty {
            assembly.warn("autoscaler.karpenter", "no machine type has a price: Karpenter has nothing to buy")
        }
        return MachineMarket(
            models: models, zones: zones, regions: zones.map { Provider.region(ofZone: $0) ?? $0 })
    }

    /// The zones that were asked for, else those of the pools, else three of the region.
    private func zoneNames(_ provider: Provider) -> [String] {
        if !section.zones.isEmpty { return Set(section.zones).sorted() }
        let known = Set(pools.flatMap(\.zones)).union(assembly.request.zoneNames)
        if known.count > MachineMarket.zonesMax {
            assembly.warn(
                "autoscaler.karpenter",
                "the pools are in \(known.count) zones: machines are bought in the first \(MachineMarket.zonesMax)")
        }
        if !known.isEmpty { return known.sorted() }
        return prices.zones(of: provider)
    }

    private func isWanted(_ name: String) -> Bool {
        section.machineTypes.isEmpty || section.machineTypes.contains { Self.matches(name, $0.text) }
    }

    /// Whether a name follows a pattern in which `*` stands for any text.
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else { return name == pattern }
        guard name.count >= first.count + last.count, name.hasPrefix(first), name.hasSuffix(last) else { return false }
        var rest = name.dropFirst(first.count).dropLast(last.count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    // MARK: - Checks

    /// Says what of the NodePools cannot work, each at its place.
    func check(_ objects: [LoadedObject], _ market: MachineMarket) {
        for loaded in objects {
            guard case .other(let object) = loaded.object, let pool = object.nodePool else { continue }
            if pools.contains(where: { $0.name == pool.name && $0.nodePool == nil }) {
                assembly.diagnostics.add(
                    Diagnostic(
                        .error, file: loaded.place.file, position: loaded.place.position, path: "metadata.name",
                        message: "a pool of the scenario is called \(pool.name) as well",
                        expected: "a name that is no pool's"))
            }
            for remark in Karpenter.remarks(on: pool, market) {
                assembly.diagnostics.add(
                    Diagnostic(
                        .warning, file: loaded.place.file, position: loaded.place.position,
                        path: "spec.template.spec.requirements", message: "NodePool \(pool.name): \(remark)"))
            }
        }
    }
}
