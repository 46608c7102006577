// SPDX-License-Identifier: GPL-3.0-or-later
// kill_and_resume CLI SPEC.json|small KILLS [SEED]
//
// Runs a search undisturbed, then again, as often as it takes for so many kills, while disturbing
// it and resuming it each time: killed (SIGKILL) at random moments, a third of the times while a
// state is written; copied while it runs and the copy opened; its file renamed or deleted under it;
// stopped by a file size limit, as by a full disk; its terminal closed. After each the file must be
// sound and hold every design that it held before; at the end both files must hold the same
// designs. The small search is steered while it goes on. Exit code 0: so it was; 77: cannot be run
// here.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <set>
#include <thread>

#include "core/base/random.h"

#include "tests/support/small_data.h"
#include "tests/support/subprocess.h"

namespace {

using namespace cohelix;

struct Soak {
    std::string cli;
    std::string spec;
    std::string changes;  ///< file of them; empty: none
    test::TemporaryFolder folder;
    bool failed = false;

    std::string file(const std::string& name) const { return (folder / name).string(); }

    void require(bool condition, const std::string& what) {
        if (condition) return;
        std::fprintf(stderr, "FAILED: %s\n", what.c_str());
        failed = true;
    }

    std::vector<std::string> search(const std::string& project) const {
        std::vector<std::string> arguments = {"search", spec, "--project", project};
        if (!changes.empty()) arguments.insert(arguments.end(), {"--steer", changes});
        return arguments;
    }

    test::Outcome command(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), cli);
        return test::runToEnd(arguments, folder.path());
    }

    /// The designs as CSV lines without their heading; empty when the file has none yet.
    std::set<std::string> designs(const std::string& project) const {
        std::istringstream csv(command({"designs", project, "--format", "csv"}).out);
        std::set<std::string> lines;
        std::string line;
        std::getline(csv, line);
        while (std::getline(csv, line)) lines.insert(line);
        return lines;
    }

    /// Their ids: a design may be trained between two looks, but never vanish.
    static std::set<std::string> ids(const std::set<std::string>& lines) {
        std::set<std::string> out;
        for (const auto& line : lines) out.insert(line.substr(0, line.find(',')));
        return out;
    }
};

double secondsSince(std::chrono::steady_clock::time_point start) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Seconds that the undisturbed search took.
double undisturbed(Soak& soak) {
    const auto start = std::chrono::steady_clock::now();
    const auto outcome = soak.command(soak.search(soak.file("whole.cohelix")));
    soak.require(outcome.exitCode == 0, "the undisturbed search: " + outcome.err);
    return secondsSince(start);
}

/// Waits until it has ended or the condition holds, at most so long; whether it has ended.
template <typename Condition>
bool waitFor(const test::Subprocess& search, double seconds, const Condition& holds) {
    const auto start = std::chrono::steady_clock::now();
    while (!search.ended()) {
        if (secondsSince(start) > seconds || holds()) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}
bool waitFor(const test::Subprocess& search, double seconds) {
    return waitFor(search, seconds, [] { return false; });
}

/// How often what was done to searches.
struct Counts {
    int stretches = 0;  ///< of all searches, so that those of short ones are of all kinds
    int kills = 0;
    int killsInState = 0;
    int stops = 0;
    int copies = 0;
    int torn = 0;
    int renamed = 0;
    int deleted = 0;
    int limited = 0;

    void print() const {
        std::printf(
            "killed %d times, %d of them while a state was written; %d stops, %d copies "
            "(%d of them torn and noticed), %d renamed, %d deleted, %d at a size limit\n",
            kills, killsInState, stops, copies, torn, renamed, deleted, limited);
        std::fflush(stdout);
    }
};

/// One disturbed search, stretch by stretch.
class Disturbed {
public:
    Disturbed(Soak& soak, Counts& counts, std::uint64_t seed, double seconds)
        : m_soak(soak),
          m_counts(counts),
          m_random(seed, "kill"),
          m_seconds(seconds),
          m_project(soak.file("killed-" + std::to_string(seed) + ".cohelix")) {}

    void run(int kills) {
        for (int i = 0; m_counts.kills < kills && !m_ended; ++i) {
            stretch();
            lookAtFile("after stretch " + std::to_string(i) + " (" + m_what + ")");
        }
        if (!m_ended) {
            m_what = "the last stretch";
            auto search = start();
            endedByItself(*search);
        }
    }

    const std::string& project() const { return m_project; }

private:
    std::unique_ptr<test::Subprocess> start(const std::string& limit = {}) {
        auto arguments =
            m_started ? std::vector<std::string>{"resume", m_project} : m_soak.search(m_project);
        arguments.insert(arguments.begin(), m_soak.cli);
        if (!limit.empty()) {
            const std::string script = "ulimit -f " + limit + "; exec \"$@\"";
            arguments.insert(arguments.begin(), {"/bin/sh", "-c", script, "sh"});
        }
        return std::make_unique<test::Subprocess>(arguments, m_soak.folder.path());
    }

    void stretch() {
        // Sometimes at once, while opening or preparing, sometimes far into it.
        const double pause = 0.02 + m_random.uniform() * 0.8 * m_seconds;
        if (!m_started) return killed(pause);
        switch (m_counts.stretches++ % 9) {
            case 1: return stopped(pause);
            case 2: return copied(pause);
            case 4: return renamed(pause);
            case 7: return m_random.below(2) == 0 ? deleted(pause) : limited(pause);
            case 3:
            case 5:
            case 6:
            case 8: return killedInState(pause);
            default: return killed(pause);
        }
    }

    void kill(test::Subprocess& search) {
        search.signal(SIGKILL);
        const bool killedNow = search.wait().exitCode == -SIGKILL;
        if (killedNow) ++m_counts.kills;
    }

    void endedByItself(test::Subprocess& search) {
        const auto outcome = search.wait();
        // One that was disturbed on its way out had finished its run already.
        m_ended = outcome.exitCode == 0 ||
                  outcome.err.find("there is no run that could be resumed") != std::string::npos;
        m_soak.require(m_ended, m_what + " ended by itself: " + outcome.err);
    }

    void killed(double pause) {
        m_what = "killed";
        auto search = start();
        if (waitFor(*search, pause)) return endedByItself(*search);
        kill(*search);
    }

    void stopped(double pause) {
        m_what = "stopped by SIGHUP";
        auto search = start();
        // From its first words on it keeps a file whole; until then the signal is the system's.
        const auto speaks = [&] { return !search->text("err").empty(); };
        if (waitFor(*search, 60, speaks) || waitFor(*search, pause)) {
            return endedByItself(*search);
        }
        search->signal(SIGHUP);
        const auto outcome = search->wait();
        m_ended = outcome.exitCode == 0;
        ++m_counts.stops;
        m_soak.require(outcome.exitCode == 0 || outcome.exitCode == 1,
                       "SIGHUP: " + std::to_string(outcome.exitCode) + " " + outcome.err);
    }

    /// A stop writes the state: killed as soon as there is a journal, which is then left behind.
    void killedInState(double pause) {
        m_what = "killed while a state was written";
        auto search = start();
        if (waitFor(*search, pause)) return endedByItself(*search);
        search->signal(SIGTERM);
        const std::string journal = m_project + "-journal";
        const auto stop = std::chrono::steady_clock::now();
        std::error_code none;
        while (!std::filesystem::exists(journal, none) && !search->ended() &&
               secondsSince(stop) < 60) {
        }
        const auto begun = std::chrono::steady_clock::now();
        const double into = 0.0003 * m_random.uniform();
        while (secondsSince(begun) < into) {
        }
        search->signal(SIGKILL);
        const auto outcome = search->wait();
        if (outcome.exitCode == -SIGKILL) ++m_counts.kills;
        if (std::filesystem::exists(journal, none)) ++m_counts.killsInState;
        m_ended = outcome.exitCode == 0;
    }

    void copied(double pause) {
        m_what = "copied and killed";
        auto search = start();
        if (waitFor(*search, pause)) return endedByItself(*search);
        for (int i = 0; i < 4; ++i) {
            (void)waitFor(*search, 0.2 * m_random.uniform());
            copyAndOpen();
        }
        kill(*search);
    }

    /// A copy of a file in the middle of a commit may be torn; it must not be taken for sound.
    void copyAndOpen() {
        const auto copy = m_soak.file("copy.cohelix");
        std::error_code problem;
        const bool before = std::filesystem::exists(m_project + "-journal");
        std::filesystem::copy_file(m_project, copy,
                                   std::filesystem::copy_options::overwrite_existing, problem);
        const bool during = before || std::filesystem::exists(m_project + "-journal");
        ++m_counts.copies;
        const auto check = m_soak.command({"check", copy});
        auto found = copy;
        if (check.exitCode != 0) {
            ++m_counts.torn;
            m_soak.require(during, "a copy between commits is unsound: " + check.out + check.err);
            found = m_soak.file("copy-rescued.cohelix");
            const auto rescued = m_soak.command({"rescue", copy, found});
            m_soak.require(rescued.exitCode == 0, "a torn copy cannot be rescued: " + rescued.err);
        }
        const auto ids = Soak::ids(m_soak.designs(found));
        for (const auto& id : m_known) {
            m_soak.require(ids.contains(id), "design " + id + " is not in a copy");
        }
        std::filesystem::remove(m_soak.file("copy-rescued.cohelix"), problem);
    }

    void renamed(double pause) {
        m_what = "renamed and killed";
        auto search = start();
        if (waitFor(*search, pause)) return endedByItself(*search);
        const auto name = m_soak.file("moved-" + std::to_string(++m_counts.renamed) + ".cohelix");
        std::filesystem::rename(m_project, name);
        // A journal that was there goes with it, as whoever moves a file of a program at work must.
        std::error_code none;
        std::filesystem::rename(m_project + "-journal", name + "-journal", none);
        m_project = name;
        if (waitFor(*search, 3 * m_random.uniform())) return endedByItself(*search);
        kill(*search);
    }

    void deleted(double pause) {
        m_what = "deleted and killed";
        auto search = start();
        if (waitFor(*search, pause)) return endedByItself(*search);
        const auto kept = m_soak.file("kept");
        std::filesystem::create_hard_link(m_project, kept);
        const auto rescued = m_project.substr(0, m_project.size() - 8) + "-rescued.cohelix";
        std::filesystem::remove(m_project);
        const bool ended = waitFor(*search, 20, [&] { return std::filesystem::exists(rescued); });
        const bool noticed = std::filesystem::exists(rescued);
        if (noticed) {
            ++m_counts.deleted;
            std::filesystem::remove(kept);
            m_project = rescued;
        } else {  // it was preparing, or had ended
            std::filesystem::rename(kept, m_project);
        }
        if (ended || waitFor(*search, m_random.uniform())) {
            m_ended = search->wait().exitCode == 0;
            return;
        }
        kill(*search);
    }

    void limited(double pause) {
        m_what = "stopped by a size limit";
        const auto blocks = std::filesystem::file_size(m_project) / 512 + m_random.below(600);
        auto search = start(std::to_string(blocks));
        if (!waitFor(*search, pause + 20)) search->signal(SIGTERM);
        const auto outcome = search->wait();
        ++m_counts.limited;
        m_ended = outcome.exitCode == 0;
        m_soak.require(outcome.exitCode == 0 || outcome.exitCode == 1,
                       "size limit: " + std::to_string(outcome.exitCode) + " " + outcome.err);
    }

    void lookAtFile(const std::string& when) {
        const bool exists = std::filesystem::exists(m_project);
        const auto runs =
            exists ? m_soak.command({"runs", m_project, "--format", "json"}) : test::Outcome{};
        m_started = m_started || runs.out.find("\"id\"") != std::string::npos;
        if (!m_started) {
            std::filesystem::remove(m_project);  // killed before the file was whole
            return;
        }
        const auto check = m_soak.command({"check", m_project});
        m_soak.require(check.exitCode == 0, "check " + when + ": " + check.out + check.err);
        const auto now = Soak::ids(m_soak.designs(m_project));
        for (const auto& id : m_known) {
            m_soak.require(now.contains(id), "design " + id + " is lost " + when);
        }
        m_known = now;
    }

    Soak& m_soak;
    Counts& m_counts;
    base::Random m_random;
    double m_seconds;
    std::string m_project;
    std::string m_what;
    std::set<std::string> m_known;
    bool m_started = false;
    bool m_ended = false;
};

}  // namespace

int main(int argc, char** argv) {
    if (argc < 4) {
        std::fputs("usage: kill_and_resume CLI SPEC.json|small KILLS [SEED]\n", stderr);
        return 2;
    }
    Soak soak{argv[1], argv[2], {}, {}, false};
    if (soak.spec == "small") {
        auto spec = test::smallSpecification(soak.folder.path());
        if (!spec) {
            std::fputs("NOT CHECKED: Fashion-MNIST is not installed\n", stderr);
            return 77;
        }
        spec->search.epochs = 6;
        soak.spec = soak.file("spec.json");
        std::ofstream(soak.spec) << toText(*spec);
        soak.changes = soak.file("changes.json");
        std::ofstream(soak.changes) << R"([
            {"step": 4, "change": "pin", "choice": "block1", "option": "k3_e3"},
            {"step": 12, "change": "limit", "limit": "dsp", "value": 150},
            {"step": 25, "change": "weight", "target": 0, "factor": 3},
            {"step": 31, "change": "stop", "target": 1}])";
    }
    const std::uint64_t seed = argc > 4 ? std::strtoull(argv[4], nullptr, 10) : 1;
    const double seconds = undisturbed(soak);
    std::printf("undisturbed: %.1f s\n", seconds);
    std::fflush(stdout);
    const auto start = std::chrono::steady_clock::now();
    const auto whole = soak.designs(soak.file("whole.cohelix"));
    soak.require(!whole.empty(), "the undisturbed search has no designs");
    Counts counts;
    const int kills = std::atoi(argv[3]);
    for (std::uint64_t search = 0; counts.kills < kills && !soak.failed; ++search) {
        Disturbed disturbed(soak, counts, seed + search, seconds);
        disturbed.run(kills);
        const auto found = soak.designs(disturbed.project());
        soak.require(whole == found, "the designs differ: " + std::to_string(whole.size()) +
                                         " and " + std::to_string(found.size()));
        counts.print();
        std::filesystem::remove(disturbed.project());
    }
    std::printf("%s: %zu designs each, %.0f s\n", soak.failed ? "FAILED" : "equal", whole.size(),
                secondsSince(start));
    return soak.failed ? 1 : 0;
}
