import Chronology

/// One image registry as the machines see it, named by the host part of its images' references.
struct RegistryState: Sendable {
    let setup: RegistrySetup
    /// Where its bandwidth is shared.
    let link: Int32
    /// How many outages keep it from answering.
    var outages: Int
    /// What clients have used of their quotas; only looked up.
    private var quotas: [Int32: Quota] = [:]

    private struct Quota: Sendable {
        var since: Instant
        var used: Int64
    }

    init(_ setup: RegistrySetup, link: Int32, outages: Int) {
        self.setup = setup
        self.link = link
        self.outages = outages
    }

    /// Whether it answers; one that is down by its setup never does.
    var isUp: Bool { outages == 0 && !setup.isDown }

    var name: String { setup.name }

    /// Counts a manifest for a client, unless its quota is used up.
    mutating func takeManifest(client: Int32, limit: RegistrySetup.RateLimit?, at now: Instant) -> Bool {
        guard let limit else { return true }
        let key = limit.scope == .client ? client : -1
        var quota = quotas[key] ?? Quota(since: now, used: 0)
        if now - quota.since >= limit.window { quota = Quota(since: now, used: 0) }
        guard quota.used < limit.pulls else { return false }
        quota.used += 1
        quotas[key] = quota
        return true
    }

    /// Lets every client begin anew.
    mutating func forgetQuotas() { quotas = [:] }
}
