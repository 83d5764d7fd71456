import Chronology
import ControlPlane
import Costs
import KubernetesAPI
import Observations

/// What is paid for as long as it exists and is no machine: volumes and load balancers.
struct StandingDesk {
    /// One volume or load balancer.
    struct Asset {
        let kind: String
        let name: String
        let uid: UID
        /// What it costs an hour, times `scale`.
        let hourly: Int128
        let scale: Int128
        let since: Instant
        var until: Instant?
        var written = NanoDollars.zero

        /// What it has cost by `now`, rounded down.
        func cost(at now: Instant) -> NanoDollars {
            let time = Int128(((until ?? now) - since).nanoseconds)
            return NanoDollars(Int64(hourly * time / (scale * Int128(Duration.hours(1).nanoseconds))))
        }
    }

    /// In the order in which they came; those that are gone and written are left out.
    var assets: [Asset] = []
    var total = NanoDollars.zero
    /// The hours of a month as volumes are billed.
    static let monthHours: Int128 = 730
}

extension World {
    /// Begins to bill volumes and load balancers that have a price.
    mutating func openStanding() {
        guard setup.storagePerGiBMonth != nil || setup.loadBalancerPerHour != nil else { return }
        accounts.standing = StandingDesk()
    }

    /// Follows volumes and load balancers as they come and go.
    mutating func watchStanding(_ change: WatchEvent) {
        switch change {
        case .added(.persistentVolume(let volume)):
            guard let price = setup.storagePerGiBMonth, Self.isBlockStorage(volume) else { return }
            open(
                AccountName.storage, volume.metadata,
                hourly: Int128(price.amount) * Int128(volume.spec.capacity.value),
                scale: StandingDesk.monthHours << 30)
        case .deleted(.persistentVolume(let volume)): close(volume.metadata.uid)
        case .added(.service(let service)):
            if service.type == Self.loadBalancerType { openLoadBalancer(service) }
        case .modified(.service(let old), .service(let new)):
            guard old.type != new.type else { return }
            if old.type == Self.loadBalancerType { close(new.metadata.uid) }
            if new.type == Self.loadBalancerType { openLoadBalancer(new) }
        case .deleted(.service(let service)): close(service.metadata.uid)
        case .added, .modified, .deleted: break
        }
    }

    private static let loadBalancerType = "LoadBalancer"

    /// Whether a provider bills a volume: what stands on a machine's own disk is paid with the machine.
    private static func isBlockStorage(_ volume: PersistentVolume) -> Bool {
        switch volume.spec.source {
        case .csi, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder: true
        case .persistentVolumeClaim, .ephemeral, .hostPath, .emptyDir, .rbd, .iscsi, .other: false
        }
    }

    private mutating func openLoadBalancer(_ service: Service) {
        guard let price = setup.loadBalancerPerHour else { return }
        open(AccountName.loadBalancer, service.metadata, hourly: Int128(price.amount), scale: 1)
    }

    private mutating func open(_ kind: String, _ metadata: ObjectMeta, hourly: Int128, scale: Int128) {
        let name = metadata.namespace.isEmpty ? metadata.name : "\(metadata.namespace)/\(metadata.name)"
        accounts.standing?.assets.append(
            StandingDesk.Asset(
                kind: kind, name: name, uid: metadata.uid, hourly: hourly, scale: scale, since: now))
    }

    private mutating func close(_ uid: UID) {
        guard let place = accounts.standing?.assets.firstIndex(where: { $0.uid == uid && $0.until == nil }) else {
            return
        }
        accounts.standing?.assets[place].until = now
    }

    /// Writes what volumes and load balancers cost since the last settlement.
    mutating func settleStanding(from: Instant) {
        guard let desk = accounts.standing else { return }
        for (place, asset) in desk.assets.enumerated() {
            let cost = asset.cost(at: now)
            let amount = cost - asset.written
            guard amount > .zero else { continue }
            accounts.standing?.assets[place].written = cost
            accounts.standing?.total += amount
            let account = accounts.ledger.account(asset.kind)
            accounts.ledger.post(debit: account, credit: accounts.provider, amount: amount, at: now)
            let (begin, end) = (max(from, asset.since), asset.until ?? now)
            observer?.costAsset(
                CostAssetRow(
                    kind: asset.kind, node: -1, name: asset.name, from: begin, to: end, amount: amount.amount))
            observer?.costAllocation(
                CostAllocationRow(
                    account: asset.kind, node: -1, controller: -1, pod: -1, from: begin, to: end, cpu: 0, memory: 0,
                    gpu: 0, other: amount.amount))
        }
        accounts.standing?.assets.removeAll { $0.until != nil }
    }
}
