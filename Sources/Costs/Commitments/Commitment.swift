package import Chronology

/// Capacity or spend that was promised to a provider for a lower price.
package struct Commitment: Hashable, Sendable {
    /// What was promised, and so what usage it covers.
    package enum Scope: Hashable, Sendable {
        /// So many machines of a type at Amazon; in one zone, or in a region and then for any size of the family.
        case reserved(type: String, count: Int64, zone: String?)
        /// An hourly spend on machines of one family at Amazon.
        case instanceSavingsPlan(family: String)
        /// An hourly spend on any machines at Amazon.
        case computeSavingsPlan
        /// Thousandths of processors and MiB of a machine series at Google; `memoryFee` is memory's part of the fee.
        case resources(series: String, milliCPU: Int64, mebibytes: Int64, memoryFee: NanoDollars)
        /// An hourly spend on any machines at Google.
        case flexible
    }

    package let name: String
    package let scope: Scope
    /// The region whose machines it covers; empty for all.
    package let region: String
    /// What is paid once at the beginning of the term.
    package let upfront: NanoDollars
    /// What is paid each hour beside that.
    package let recurring: NanoDollars
    /// What it costs an hour with the upfront payment spread evenly over the term: the amortised price.
    package let hourly: NanoDollars
    /// The price an hour of types under a savings plan; those that are not named pay the on-demand price less
    /// `discount`.
    package let rates: [String: NanoDollars]
    /// Ten-thousandths off the on-demand price; nil covers only the types in `rates`.
    package let discount: Int64?

    /// Creates a commitment over `term`, which must be at least an hour; amounts must not be negative.
    package init(
        name: String, scope: Scope, region: String = "", upfront: NanoDollars = .zero, recurring: NanoDollars,
        term: Duration = Self.year, rates: [String: NanoDollars] = [:], discount: Int64? = nil
    ) {
        let hours = term.nanoseconds / Duration.hours(1).nanoseconds
        precondition(hours > 0 && upfront >= .zero && recurring >= .zero, "a commitment has a term and a price")
        self.name = name
        self.scope = scope
        self.region = region
        self.upfront = upfront
        self.recurring = recurring
        self.hourly = recurring + upfront.scaled(by: 1, over: hours)
        self.rates = rates
        self.discount = discount
    }

    /// The length of a year as providers bill it: 8,760 hours.
    package static let year = Duration.hours(8_760)

    /// Returns what a machine of `type` costs an hour under the plan, or nil when it is not covered.
    func rate(of line: UsageLine) -> NanoDollars? {
        if let rate = rates[line.type] { return rate }
        return discount.map { line.hourly.scaled(by: 10_000 - $0, over: 10_000) }
    }

    /// Whether the commitment is for machines of the provider and the place of `line`.
    func covers(_ line: UsageLine) -> Bool {
        guard mayName(line.type) || rates[line.type] != nil else { return false }
        guard !region.isEmpty, line.zone.hasPrefix(region) else { return region.isEmpty }
        // `us-east-1` is not the region of a zone `us-east-10a`.
        return line.zone.dropFirst(region.count).first?.isNumber != true
    }

    /// Whether the provider who promised may sell a machine type: Amazon's names have a dot (`m6i.large`), Google's have
    /// hyphens only (`n2-standard-4`). A type of somebody's own, with neither, may be of both.
    private func mayName(_ type: String) -> Bool {
        switch scope {
        case .reserved, .instanceSavingsPlan, .computeSavingsPlan: type.contains(".") || !type.contains("-")
        case .resources, .flexible: !type.contains(".")
        }
    }
}
