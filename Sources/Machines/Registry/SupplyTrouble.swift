package import Chronology

/// What is wrong with a registry, or with images, for a while.
package struct SupplyTrouble: Hashable, Sendable {
    package enum Nature: Hashable, Sendable {
        /// It takes longer over each request about manifests, and sends at so many thousandths of its bandwidth.
        case slow(delay: Duration, permille: Int64)
        /// It refuses clients that have had so many manifests.
        case limit(RegistrySetup.RateLimit)
        /// It does not have the images.
        case missing
        /// Of a million layers so many arrive damaged.
        case corrupt(partsPerMillion: Int64)
    }

    /// A host or, of images, a reference; the tag `*` stands for all of a repository; nil for everything.
    package var subject: String?
    package var nature: Nature

    /// Creates a trouble.
    package init(_ nature: Nature, of subject: String?) {
        self.subject = subject
        self.nature = nature
    }

    /// Whether images called `reference` are meant.
    package func concerns(_ reference: ImageReference) -> Bool {
        guard let subject else { return true }
        let meant = ImageReference(subject)
        return meant.tag == "*" ? meant.repository == reference.repository : meant.canonical == reference.canonical
    }
}

extension MachineFleet {
    /// Begins a trouble; the same one may begin several times.
    package mutating func begin(_ trouble: SupplyTrouble, at now: Instant, into effects: inout [MachineEffect]) {
        troubles.append(trouble)
        follow(trouble, at: now, into: &effects)
    }

    /// Ends a trouble that began.
    package mutating func end(_ trouble: SupplyTrouble, at now: Instant, into effects: inout [MachineEffect]) {
        guard let place = troubles.firstIndex(of: trouble) else { return }
        troubles.remove(at: place)
        follow(trouble, at: now, into: &effects)
    }

    private mutating func follow(_ trouble: SupplyTrouble, at now: Instant, into effects: inout [MachineEffect]) {
        switch trouble.nature {
        case .missing, .corrupt: return
        case .limit:
            for number in concerned(by: trouble) { registries[number].forgetQuotas() }
        case .slow:
            for number in concerned(by: trouble) { shareLink(of: number) }
            scheduleTransfers(at: now, into: &effects)
        }
    }

    private mutating func concerned(by trouble: SupplyTrouble) -> [Int] {
        trouble.subject.map { [addRegistry(named: $0)] } ?? Array(registries.indices)
    }

    /// Sets a registry's bandwidth to what its troubles leave of it.
    mutating func shareLink(of registry: Int) {
        var bandwidth = registries[registry].setup.bandwidth ?? otherRegistriesBandwidth
        for trouble in troubles where isOf(trouble, registry) {
            if case .slow(_, let permille) = trouble.nature {
                bandwidth = Int64(Int128(bandwidth) * Int128(permille) / 1_000)
            }
        }
        transfers.setBandwidth(bandwidth, of: registries[registry].link)
    }

    private func isOf(_ trouble: SupplyTrouble, _ registry: Int) -> Bool {
        trouble.subject.map { $0 == registries[registry].name } ?? true
    }

    /// How long a registry takes over a request about manifests.
    func latency(of registry: Int) -> Duration {
        var latency = registries[registry].setup.latency
        for trouble in troubles where isOf(trouble, registry) {
            if case .slow(let delay, _) = trouble.nature { latency = latency + delay }
        }
        return latency
    }

    /// The quota that holds for a registry's clients: that of the latest trouble, or its own.
    func rateLimit(of registry: Int) -> RegistrySetup.RateLimit? {
        for trouble in troubles.reversed() where isOf(trouble, registry) {
            if case .limit(let limit) = trouble.nature { return limit }
        }
        return registries[registry].setup.rateLimit
    }

    /// Whether a registry does not have an image that it should have.
    func hasVanished(_ reference: ImageReference) -> Bool {
        troubles.contains { $0.nature == .missing && $0.concerns(reference) }
    }

    /// How many of a million layers of an image arrive damaged, for a trouble's sake.
    func corruptShare(of reference: ImageReference) -> Int64 {
        var share: Int64 = 0
        for trouble in troubles {
            if case .corrupt(let own) = trouble.nature, trouble.concerns(reference) { share = max(share, own) }
        }
        return share
    }
}
