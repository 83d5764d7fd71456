/// The identity of an object with a quick hash: the general one has a seed that is not asked for here.
struct IdentityKey: Hashable {
    let identity: ObjectIdentifier

    init(_ object: AnyObject) { identity = ObjectIdentifier(object) }

    func hash(into hasher: inout Hasher) { hasher.combine(identity) }

    func _rawHashValue(seed: Int) -> Int {
        let mixed = UInt64(UInt(bitPattern: identity)) &* 0x9E37_79B9_7F4A_7C15
        return Int(truncatingIfNeeded: mixed ^ mixed >> 32) ^ seed
    }
}
