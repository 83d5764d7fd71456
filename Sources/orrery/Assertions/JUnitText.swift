import Observations

/// What came of a run's assertions as JUnit XML: a test case for each.
struct JUnitText {
    /// The name of the run.
    let suite: String
    let report: AssertionReport
    /// The run's database.
    let path: String

    /// The document; it ends with a line break.
    var text: String {
        var cases = ""
        var (failures, errors) = (0, 0)
        for (assertion, verdict) in report.entries {
            let name = "\(assertion.name) \(assertion.expectation)"
            let opening =
                "    <testcase classname=\(Self.quoted(suite)) name=\(Self.quoted(name)) "
                + "file=\(Self.quoted(assertion.place.file)) line=\"\(assertion.place.line)\""
            guard let verdict else {
                errors += 1
                cases += opening + ">\n      <error message=\"the run did not reach its end\"/>\n    </testcase>\n"
                continue
            }
            if verdict.held {
                cases += opening + "/>\n"
                continue
            }
            failures += 1
            let message = "expected \(assertion.expectation), seen \(verdict.actual)"
            cases +=
                opening + ">\n      <failure type=\"assertion\" message=\(Self.quoted(message))>"
                + Self.escaped(report.text(of: verdict, path: path)) + "</failure>\n    </testcase>\n"
        }
        let counts = "tests=\"\(report.entries.count)\" failures=\"\(failures)\" errors=\"\(errors)\""
        return """
            <?xml version="1.0" encoding="UTF-8"?>
            <testsuites \(counts)>
              <testsuite name=\(Self.quoted(suite)) \(counts) skipped="0">
            \(cases)  </testsuite>
            </testsuites>

            """
    }

    static func quoted(_ text: String) -> String { "\"\(escaped(text, isAttribute: true))\"" }

    /// Returns a text as XML 1.0 takes it; characters that it has no way to write become U+FFFD.
    static func escaped(_ text: String, isAttribute: Bool = false) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\n" where isAttribute: escaped += "&#10;"
            case "\t" where isAttribute: escaped += "&#9;"
            case "\r": escaped += "&#13;"
            case "\n", "\t": escaped.unicodeScalars.append(scalar)
            case "\u{00}"..."\u{1F}", "\u{FFFE}"..."\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
