package import Costs

/// Machines whose processors a provider counts together; the raw value is its name in a scenario.
///
/// The classes are those of Amazon's quotas for instances, by the letters before the generation in the machine type's
/// name. `all` counts every machine, as Google's quota of processors in a region does.
package enum QuotaClass: String, Hashable, Sendable, CaseIterable {
    case all
    /// Families A, C, D, H, I, M, R, T and Z.
    case standard
    /// Families G and VT.
    case g
    case p, f, inf, trn, dl, x, hpc
    /// Families U.
    case highMemory

    /// Returns the class of a machine type of Amazon's; nil for others.
    package static func of(_ machineType: String) -> QuotaClass? {
        guard let dot = machineType.firstIndex(of: ".") else { return nil }
        let letters = String(machineType[..<dot].prefix { $0.isLetter && $0.isASCII })
        switch letters {
        case "g", "gr", "vt": return .g
        case "u": return .highMemory
        case "mac", "": return nil
        default:
            if let named = QuotaClass(rawValue: letters), named != .all, named != .standard { return named }
            return letters.first.map { "acdhimrtz".contains($0) } == true ? .standard : nil
        }
    }
}

/// How many processors of a class a provider gives in a region at most.
package struct CloudQuota: Hashable, Sendable {
    package var machines: QuotaClass
    package var purchase: Purchase
    /// nil for each region.
    package var region: String?
    /// Whole processors (vCPUs) of all machines together.
    package var vcpus: Int64

    /// Creates a quota.
    package init(_ machines: QuotaClass, _ purchase: Purchase = .onDemand, region: String? = nil, vcpus: Int64) {
        self.machines = machines
        self.purchase = purchase
        self.region = region
        self.vcpus = vcpus
    }

    /// Whether the processors of a machine count.
    package func counts(_ machineType: String, purchase: String, region: String) -> Bool {
        guard self.purchase.rawValue == purchase, self.region ?? region == region else { return false }
        return machines == .all || QuotaClass.of(machineType) == machines
    }

    /// The provider's name of its refusal: the error codes of Amazon EC2.
    package var error: String {
        switch purchase {
        case .onDemand: "VcpuLimitExceeded"
        case .spot: "MaxSpotInstanceCountExceeded"
        }
    }

    /// The name under which a run tells it.
    package var title: String {
        "cloud.quotas.\(machines.rawValue).\(purchase.rawValue)" + (region.map { ".\($0)" } ?? "")
    }
}
