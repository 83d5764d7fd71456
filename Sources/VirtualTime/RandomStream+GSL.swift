package import CGSL

extension RandomStream {
    /// Lends the stream to GSL: whatever `body` makes GSL draw is drawn from this stream, and counted.
    ///
    /// `gsl_rng_get` returns `nextUInt32()` and `gsl_rng_uniform` returns `uniform()`. The generator must not leave
    /// `body`. `gsl_rng_set` does nothing, as a stream has no other seed than its own.
    package mutating func withGSL<Result>(_ body: (UnsafeMutablePointer<gsl_rng>) -> Result) -> Result {
        let name: StaticString = "philox4x32"
        return withUnsafeMutablePointer(to: &self) { stream in
            name.withUTF8Buffer { name in
                var type = gsl_rng_type(
                    name: UnsafeRawPointer(name.baseAddress)?.assumingMemoryBound(to: CChar.self),
                    max: UInt(UInt32.max),
                    min: 0,
                    size: MemoryLayout<RandomStream>.size,
                    set: { _, _ in },
                    get: { UInt($0?.assumingMemoryBound(to: RandomStream.self).pointee.nextUInt32() ?? 0) },
                    get_double: { $0?.assumingMemoryBound(to: RandomStream.self).pointee.uniform() ?? 0 })
                return withUnsafePointer(to: &type) { type in
                    var generator = gsl_rng(type: type, state: UnsafeMutableRawPointer(stream))
                    return withUnsafeMutablePointer(to: &generator) { body($0) }
                }
            }
        }
    }
}
