package import KubernetesAPI

/// What is left of each graphics processor of a node, and which of them every pod has.
///
/// Counted for every node with devices, whether or not a plugin of the profile looks at it.
package final class NodeGpus {
    /// Thousandths of a whole device.
    package static let whole: Int32 = 1000
    /// More devices than this on one node are not counted.
    package static let countMax = 64

    /// A pod with devices.
    private struct Holder {
        var uid: UID
        var request: GpuRequest
        /// A bit per device.
        var devices: UInt64
    }

    /// Devices, 1 to 64.
    package let count: Int
    /// The model of all devices; empty when the node's labels name none.
    package internal(set) var model: String
    /// Thousandths, by device; below 0 when somebody bound more than there is.
    package let left: UnsafeMutablePointer<Int32>
    /// Thousandths over all devices.
    package private(set) var totalLeft: Int64
    private var holders: [Holder] = []
    /// How many pods ask for a part of a device (at 0), or for so many whole ones; the last place is for all above it.
    private var tagCounts: [Int32]
    /// In a dry run, pods that were taken away: they get their own devices when they come back.
    private var gone: [Holder]?
    /// What a policy worked out about the node as it is; forgotten with every change of the node.
    var note: AnyObject?

    init(count: Int, model: String) {
        self.count = count
        self.model = model
        left = .allocate(capacity: count)
        left.initialize(repeating: Self.whole, count: count)
        totalLeft = Int64(count) * Int64(Self.whole)
        tagCounts = Array(repeating: 0, count: count + 1)
    }

    deinit { left.deallocate() }

    /// Returns a copy; one for a dry run remembers who was taken away.
    func copied(isDryRun: Bool) -> NodeGpus {
        let copy = NodeGpus(count: count, model: model)
        copy.left.update(from: left, count: count)
        copy.totalLeft = totalLeft
        copy.holders = holders
        copy.tagCounts = tagCounts
        copy.gone = isDryRun ? [] : nil
        return copy
    }

    // MARK: - Pods

    /// Gives a pod `devices`, or those that fit most tightly when none are named.
    func take(_ uid: UID, _ request: GpuRequest, devices: UInt64?) {
        var chosen = devices ?? tightest(request) ?? roomiest(Int(request.count))
        if devices == nil, let place = gone?.firstIndex(where: { $0.uid == uid }), let old = gone?.remove(at: place) {
            chosen = old.devices
        }
        holders.append(Holder(uid: uid, request: request, devices: chosen))
        change(chosen, by: -request.milli)
        tagCounts[tag(request)] += 1
    }

    /// Takes away what a pod has.
    func free(_ uid: UID) {
        guard let place = holders.firstIndex(where: { $0.uid == uid }) else { return }
        let holder = holders[place]
        holders.swapAt(place, holders.count - 1)
        holders.removeLast()
        change(holder.devices, by: holder.request.milli)
        tagCounts[tag(holder.request)] -= 1
        gone?.append(holder)
    }

    /// The devices of a pod, a bit each; nil when it has none here.
    package func devices(of uid: UID) -> UInt64? { holders.first { $0.uid == uid }?.devices }

    private func change(_ devices: UInt64, by milli: Int32) {
        var rest = devices
        while rest != 0 {
            left[rest.trailingZeroBitCount] += milli
            totalLeft += Int64(milli)
            rest &= rest - 1
        }
    }

    // MARK: - Questions

    /// Whether there are enough devices with enough left.
    package func fits(_ request: GpuRequest) -> Bool {
        var found: Int32 = 0
        for device in 0..<count where left[device] >= request.milli { found += 1 }
        return found >= request.count
    }

    /// Devices of which nothing is taken.
    package var wholeCount: Int {
        var found = 0
        for device in 0..<count where left[device] == Self.whole { found += 1 }
        return found
    }

    /// Returns the devices that fit most tightly, the first of equals; nil when there are not enough.
    package func tightest(_ request: GpuRequest) -> UInt64? {
        if request.count == 1 {
            var best: Int?
            for device in 0..<count where left[device] >= request.milli {
                if best.map({ left[device] < left[$0] }) ?? true { best = device }
            }
            return best.map { 1 << UInt64($0) }
        }
        return first(request)
    }

    /// Returns the first devices that fit; nil when there are not enough.
    package func first(_ request: GpuRequest) -> UInt64? {
        var devices: UInt64 = 0
        var missing = request.count
        for device in 0..<count where missing > 0 && left[device] >= request.milli {
            devices |= 1 << UInt64(device)
            missing -= 1
        }
        return missing > 0 ? nil : devices
    }

    /// Returns the devices with the most left, for a pod that is here although it does not fit.
    private func roomiest(_ wanted: Int) -> UInt64 {
        let order = (0..<count).sorted { left[$0] != left[$1] ? left[$0] > left[$1] : $0 < $1 }
        return order.prefix(wanted).reduce(0) { $0 | 1 << UInt64($1) }
    }

    // MARK: - Kinds of pods

    private func tag(_ request: GpuRequest) -> Int { request.isShared ? 0 : min(Int(request.count), count) }

    /// Whether pods with devices are here.
    var hasPods: Bool { !holders.isEmpty }

    /// Returns whether a pod here asks for a part of a device, or for as many whole ones, as `request` does, and
    /// whether one asks otherwise.
    func kinds(like request: GpuRequest) -> (hasSame: Bool, hasOther: Bool) {
        let own = tag(request)
        var hasOther = false
        for tag in tagCounts.indices where tag != own && tagCounts[tag] > 0 { hasOther = true }
        return (tagCounts[own] > 0, hasOther)
    }
}
