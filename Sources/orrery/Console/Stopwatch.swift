import Foundation

/// The host's clocks; for progress and benchmarks only, nothing of a run depends on them.
enum Stopwatch {
    /// Monotonic time.
    static var nanoseconds: UInt64 { clock(CLOCK_MONOTONIC) }

    /// Processor time of this process.
    static var processNanoseconds: UInt64 { clock(CLOCK_PROCESS_CPUTIME_ID) }

    /// The most memory that this process has held at once, in bytes.
    static var peakMemory: Int64 {
        var usage = rusage()
        getrusage(RUSAGE_SELF.rawValue, &usage)
        return Int64(usage.ru_maxrss) * 1024
    }

    private static func clock(_ id: clockid_t) -> UInt64 {
        var time = timespec()
        clock_gettime(id, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
}
