import Foundation

/// Replays recorded decisions of the real kube-scheduler.
package enum SchedulerConformance {
    /// Replays every case under `folder`, which holds one folder per family.
    package static func run(folder: String) -> ConformanceReport {
        let manager = FileManager.default
        var report = ConformanceReport()
        let families = ((try? manager.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        for family in families {
            let path = folder + "/" + family
            let files = ((try? manager.contentsOfDirectory(atPath: path)) ?? []).filter { $0.hasSuffix(".json") }
            if files.isEmpty { continue }
            report.families.append(ConformanceReport.Family(name: family))
            for file in files.sorted(by: precedes) {
                guard let bytes = manager.contents(atPath: path + "/" + file) else {
                    report.problems.append("\(path)/\(file): cannot be read")
                    continue
                }
                replay([UInt8](bytes), name: "\(family)/\(file)", into: &report)
            }
        }
        if report.families.isEmpty { report.problems.append("\(folder): there are no cases") }
        return report
    }

    /// Replays one case into the last family of `report`.
    static func replay(_ bytes: [UInt8], name: String, into report: inout ConformanceReport) {
        let golden = GoldenCase(bytes: bytes, file: name)
        report.problems += golden.problems
        let mismatches = GoldenReplay.mismatches(of: golden)
        if report.families.isEmpty { report.families.append(ConformanceReport.Family(name: name)) }
        let last = report.families.count - 1
        report.families[last].decisions += golden.expected.count
        report.families[last].agreeing += golden.expected.count - mismatches.count
        report.mismatches += mismatches.map {
            ConformanceReport.Mismatch(place: name, pod: $0.pod, differences: $0.differences)
        }
    }

    /// Orders file names with their numbers as numbers.
    private static func precedes(_ left: String, _ right: String) -> Bool {
        left.count != right.count ? left.count < right.count : left < right
    }

    /// Returns the report of one case given as text.
    package static func run(text: String, name: String) -> ConformanceReport {
        var report = ConformanceReport()
        replay(Array(text.utf8), name: name, into: &report)
        return report
    }
}
