import Chronology
import Costs
import KubernetesAPI

/// A commitment as a scenario has it, with its place for messages.
struct CommitmentDraft {
    var commitment: Commitment
    var path: FieldPath
    var position: Position
}

/// Reads `prices.commitments`.
extension ScenarioReading {
    private enum Kind: String, CaseIterable {
        case reservedInstances, instanceSavingsPlan, computeSavingsPlan, committedResources, flexibleCommitment
    }

    private enum Payment: String, CaseIterable {
        case noUpfront, partialUpfront, allUpfront
    }

    private enum Term: String, CaseIterable {
        case oneYear = "1y"
        case threeYears = "3y"

        var length: Duration {
            switch self {
            case .oneYear: Commitment.year
            case .threeYears: Commitment.year * 3
            }
        }
    }

    func commitment(_ reader: FieldReader) -> CommitmentDraft? {
        let name = dnsName("name", reader)
        let region = reader.string("region") ?? ""
        let term: Term = reader.choice("term") ?? .oneYear
        guard let kind: Kind = reader.requiredChoice("kind") else { return nil }
        let commitment: Commitment? =
            switch kind {
            case .reservedInstances: reserved(reader, name ?? "", region, term.length)
            case .committedResources: resources(reader, name ?? "", region)
            case .instanceSavingsPlan:
                spend(reader, name ?? "", .instanceSavingsPlan(family: reader.requiredString("family")), region, term)
            case .computeSavingsPlan: spend(reader, name ?? "", .computeSavingsPlan, region, term)
            case .flexibleCommitment: spend(reader, name ?? "", .flexible, region, term)
            }
        guard name != nil, let commitment else { return nil }
        return CommitmentDraft(commitment: commitment, path: reader.path, position: reader.position)
    }

    private func reserved(
        _ reader: FieldReader, _ name: String, _ region: String, _ term: Duration
    ) -> Commitment? {
        let type = reader.requiredString("machineType")
        let count = reader.int64("count", in: 1...1_000_000) ?? 1
        let zone = reader.string("zone")
        if zone != nil, !region.isEmpty {
            reader.error("zone", "a reservation is for a zone or for a region", expected: "one of zone and region")
        }
        let hourly = reader.read("hourly") { money($0, path: $1) } ?? .zero
        let upfront = reader.read("upfront") { money($0, path: $1) } ?? .zero
        if hourly == .zero, upfront == .zero {
            reader.error(
                "hourly", "a reservation has a price",
                expected: "hourly, upfront or both, in US dollars for one machine")
            return nil
        }
        guard let total = multiplied(hourly, count, "hourly", reader), !type.isEmpty,
            let once = multiplied(upfront, count, "upfront", reader)
        else { return nil }
        return Commitment(
            name: name, scope: .reserved(type: type, count: count, zone: zone), region: region, upfront: once,
            recurring: total, term: term)
    }

    private func resources(_ reader: FieldReader, _ name: String, _ region: String) -> Commitment? {
        let series = reader.requiredString("series")
        reader.require("vcpus", expected: "a number of processors")
        let vcpus = reader.int64("vcpus", in: 0...10_000_000)
        let memory = reader.quantity("memory")?.value ?? 0
        let perVCPU = reader.read("perVCPU") { money($0, path: $1) }
        let perGiB = reader.read("perGiB") { money($0, path: $1) } ?? .zero
        if memory < 0 { reader.error("memory", "the amount must not be negative") }
        if !reader.has("perVCPU") {
            reader.error("perVCPU", "a value is required", expected: "US dollars an hour for one processor")
        }
        guard !series.isEmpty, let vcpus, let perVCPU, memory >= 0,
            let processors = multiplied(perVCPU, vcpus, "perVCPU", reader)
        else { return nil }
        let mebibytes = memory >> 20
        let (fee, overflow) = perGiB.amount.multipliedReportingOverflow(by: max(1, mebibytes))
        guard !overflow else {
            reader.error("perGiB", "that is more money than can be counted")
            return nil
        }
        let memoryFee = mebibytes == 0 ? NanoDollars.zero : NanoDollars(fee).scaled(by: 1, over: 1_024)
        guard vcpus > 0 || mebibytes > 0 else {
            reader.error("vcpus", "nothing is committed to", expected: "vcpus, memory or both")
            return nil
        }
        return Commitment(
            name: name,
            scope: .resources(
                series: series, milliCPU: vcpus * 1_000, mebibytes: mebibytes, memoryFee: memoryFee),
            region: region, recurring: processors + memoryFee)
    }

    private func spend(
        _ reader: FieldReader, _ name: String, _ scope: Commitment.Scope, _ region: String, _ term: Term
    ) -> Commitment? {
        reader.require("hourly", expected: "the commitment in US dollars an hour")
        let hourly = reader.read("hourly") { money($0, path: $1) }
        let payment: Payment = reader.choice("payment") ?? .noUpfront
        let discount = reader.read("discount") { share($0, path: $1, whole: 10_000, limit: 10_000) }
        let rates = reader.read("rates") { self.rates($0, path: $1) } ?? [:]
        if discount == nil, rates.isEmpty {
            reader.error(
                "discount", "nobody says what machines cost under the plan",
                expected: "discount, such as 28%, or rates by machine type in US dollars an hour")
        }
        guard let hourly else { return nil }
        guard hourly <= .dollars(10_000) else {
            reader.error("hourly", "found $\(hourly.exact) an hour", expected: "at most $10000 an hour")
            return nil
        }
        let hours = term.length.nanoseconds / Duration.hours(1).nanoseconds
        let once: NanoDollars =
            switch payment {
            case .noUpfront: .zero
            case .partialUpfront: hourly.scaled(by: 1, over: 2)
            case .allUpfront: hourly
            }
        return Commitment(
            name: name, scope: scope, region: region, upfront: NanoDollars(once.amount * hours),
            recurring: hourly - once, term: term.length, rates: rates, discount: discount)
    }

    private func rates(_ tree: ManifestTree, path: FieldPath) -> [String: NanoDollars]? {
        guard let entries = tree.entries else {
            wrong(tree, path: path, expected: "prices by machine type, such as {m6i.large: 0.0605}")
            return nil
        }
        var rates: [String: NanoDollars] = [:]
        for entry in entries {
            guard let rate = money(entry.value, path: path.field(entry.key)) else { return nil }
            rates[entry.key] = rate
        }
        return rates
    }

    private func multiplied(
        _ price: NanoDollars, _ count: Int64, _ field: String, _ reader: FieldReader
    ) -> NanoDollars? {
        let (product, overflow) = price.amount.multipliedReportingOverflow(by: count)
        if !overflow, product <= NanoDollars.dollars(1_000_000_000).amount { return NanoDollars(product) }
        reader.error(field, "that is more money than can be counted", expected: "at most $1000000000 in all")
        return nil
    }
}
