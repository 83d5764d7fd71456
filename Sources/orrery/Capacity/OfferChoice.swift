import Costs
import Experiments
import KubernetesAPI
import Machines
import Scenarios
import SchedulingFramework
import Simulation

/// Which machine types a plan may choose from.
struct OfferChoice {
    let types: [String]
    let families: [String]
    /// Families that nobody would begin with: machines that share processors or may use them for a while only, and what
    /// AWS calls previous generations.
    private static let passedOver: Set<String> = [
        "t1", "t2", "t3", "t3a", "t4g", "a1", "c1", "c3", "cc2", "cr1", "g2", "hs1", "i2", "m1", "m2", "m3", "r3",
    ]
    private static let sharedNames = ["e2-micro", "e2-small", "e2-medium", "f1-micro", "g1-small"]

    init(types: [String], families: [String]) {
        self.types = Self.names(in: types)
        self.families = Self.names(in: families)
    }

    /// The names in lists with commas.
    static func names(in texts: [String]) -> [String] {
        texts.flatMap { $0.split(separator: ",") }.map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }

    /// A machine type of those that are named, whose provider is asked, or a common one.
    var example: String {
        let known = MachineCatalogue.builtIn
        if let type = types.first(where: { known[$0] != nil }) { return type }
        let member = known.types.first { families.contains(InstanceSize.family(of: $0.name)) }
        return member?.name ?? "m6i.large"
    }

    /// Returns what there is to choose from, or ends when something that is named does not exist.
    func offers(_ shelf: MachineShelf, near type: String, purchase: Purchase, _ setup: WorldSetup) throws
        -> [MachineOffer]
    {
        var found: [MachineOffer] = []
        for name in types {
            if let offer = shelf.offer(name, purchase: purchase) {
                found.append(offer)
                continue
            }
            let names = shelf.nearestNames(to: name)
            let nearest = names.isEmpty ? "" : "; did you mean \(names.joined(separator: ", "))?"
            Console.error(
                shelf.knows(name)
                    ? "--types: error: no \(purchase.rawValue) price is known of \(name)"
                    : "--types: error: there is no machine type \"\(name)\"\(nearest)")
            throw Exit.badInput.code
        }
        let all = shelf.offers(of: MachineShelf.provider(of: type) ?? "aws", purchase: purchase)
        for family in families {
            let members = all.filter { InstanceSize.family(of: $0.type.name) == family }
            guard members.isEmpty else {
                found += members.filter { offer in !found.contains { $0.type.name == offer.type.name } }
                continue
            }
            let known = Set(all.map { InstanceSize.family(of: $0.type.name) }).sorted()
            let nearest = NearestName.of(family, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
            Console.error(
                "--families: error: there is no family \"\(family)\" with \(purchase.rawValue) prices\(nearest)")
            throw Exit.badInput.code
        }
        if !types.isEmpty || !families.isEmpty { return found }
        let wantsGPUs = setup.objects.contains { Self.asksForGPUs($0) }
        let wantsArm = setup.objects.contains { Self.asksForArm($0) }
        return all.filter { offer in
            let name = offer.type.name
            return (offer.type.architecture == .amd64 || wantsArm)
                && !Self.passedOver.contains(InstanceSize.family(of: name))
                && !Self.sharedNames.contains(name) && offer.type.gpuSlices == 1
                && (wantsGPUs || offer.type.gpuCount == 0)
        }
    }

    /// Whether pods may be on machines with arm64 only.
    private static func asksForArm(_ object: KubernetesObject) -> Bool {
        guard let (spec, _) = WorkloadPods.pods(of: object) else { return false }
        let key = NodeLabels.architecture
        if spec.nodeSelector[key] == "arm64" { return true }
        let terms = spec.affinity?.nodeAffinity?.required?.terms ?? []
        return terms.flatMap(\.matchExpressions).contains { requirement in
            requirement.key == key && requirement.operator == .in && requirement.values == ["arm64"]
        }
    }

    private static func asksForGPUs(_ object: KubernetesObject) -> Bool {
        guard let (spec, _) = WorkloadPods.pods(of: object) else { return false }
        let names = [GpuRequest.milliName, GpuRequest.countName]
        return SchedulingFramework.ResourceAmounts(PodRequests.total(of: spec)).scalars.contains {
            $0.name.text.hasSuffix("/gpu") || names.contains($0.name)
        }
    }
}
