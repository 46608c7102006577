// SPDX-License-Identifier: GPL-3.0-or-later
// The law of the house: a room includes headers of its own and of the rooms that its CMakeLists.txt
// declares, and what these declare; rooms form no circle; a header that says "Private to …" is
// included there only; Qt, SQL, LibTorch and the system stay in the rooms that are for them.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

namespace {

namespace fs = std::filesystem;

using Rooms = std::map<std::string, std::set<std::string>>;

std::string textOf(const fs::path& path) {
    std::ifstream file(path);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Each room with those that it declares: a line "core/model core/base" a room.
Rooms declaredRooms() {
    Rooms rooms;
    std::istringstream lines(textOf(COHELIX_ROOMS));
    for (std::string line; std::getline(lines, line);) {
        std::istringstream words(line);
        std::string room;
        words >> room;
        for (std::string other; words >> other;) rooms[room].insert(other);
        rooms[room];
    }
    return rooms;
}

void collect(const Rooms& rooms, const std::string& room, std::set<std::string>& found) {
    for (const auto& other : rooms.at(room)) {
        if (found.insert(other).second) collect(rooms, other, found);
    }
}

/// All that a room may use: what it declares, and what that declares.
std::set<std::string> reachOf(const Rooms& rooms, const std::string& room) {
    std::set<std::string> reach;
    collect(rooms, room, reach);
    return reach;
}

bool isSource(const fs::path& path) {
    const auto ending = path.extension();
    return ending == ".cpp" || ending == ".h" || ending == ".inl";
}

struct Source {
    std::string path;  ///< "core/model/layer.h"
    std::string room;  ///< "core/model": its folder
    std::vector<std::string> includes;
    std::string text;
};

std::vector<Source> sourcesUnder(const std::string& top) {
    const fs::path root = COHELIX_SOURCES;
    static const std::regex include("#include [\"<]([^\">]+)[\">]");
    std::vector<Source> sources;
    for (const auto& entry : fs::recursive_directory_iterator(root / top)) {
        if (!entry.is_regular_file() || !isSource(entry.path())) continue;
        Source source;
        const auto relative = fs::relative(entry.path(), root);
        source.path = relative.generic_string();
        source.room = relative.parent_path().generic_string();
        source.text = textOf(entry.path());
        for (auto at = std::sregex_iterator(source.text.begin(), source.text.end(), include);
             at != std::sregex_iterator(); ++at) {
            source.includes.push_back((*at)[1]);
        }
        sources.push_back(std::move(source));
    }
    return sources;
}

std::vector<Source> allSources() {
    std::vector<Source> all;
    for (const char* top : {"core", "ui", "app"}) {
        auto sources = sourcesUnder(top);
        std::move(sources.begin(), sources.end(), std::back_inserter(all));
    }
    return all;
}

std::string roomOf(const std::string& header) {
    return fs::path(header).parent_path().generic_string();
}

TEST(House, HasRooms) {
    const auto rooms = declaredRooms();
    EXPECT_TRUE(rooms.contains("core/base"));
    EXPECT_GT(rooms.size(), 15U);
    EXPECT_GT(allSources().size(), 500U);
}

TEST(House, KnowsEveryRoomThatIsDeclared) {
    const auto rooms = declaredRooms();
    for (const auto& [room, others] : rooms) {
        for (const auto& other : others)
            EXPECT_TRUE(rooms.contains(other)) << room << ": " << other;
    }
}

TEST(House, HasNoCircle) {
    const auto rooms = declaredRooms();
    for (const auto& [room, others] : rooms) {
        EXPECT_FALSE(reachOf(rooms, room).contains(room)) << room << " uses itself";
    }
}

TEST(House, IncludesOnlyWhatIsDeclared) {
    const auto rooms = declaredRooms();
    for (const auto& source : allSources()) {
        if (!rooms.contains(source.room)) continue;  // a program
        const auto reach = reachOf(rooms, source.room);
        for (const auto& header : source.includes) {
            const auto room = roomOf(header);
            if (room == source.room || !rooms.contains(room)) continue;
            EXPECT_TRUE(reach.contains(room)) << source.path << " includes " << header << ", but "
                                              << source.room << " does not declare " << room;
        }
    }
}

TEST(House, KeepsWhatIsPrivateToItsRooms) {
    static const std::regex words("Private\\s+to\\s+([^.]+)\\.");
    static const std::regex name("(core|ui|app)[a-z/_]*");
    const auto sources = allSources();
    std::map<std::string, std::set<std::string>> rooms;  // that may include a header
    for (const auto& source : sources) {
        auto text = std::regex_replace(source.text, std::regex("\\n// ?"), " ");
        std::smatch found;
        if (!source.path.ends_with(".h") || !std::regex_search(text, found, words)) continue;
        auto& allowed = rooms[source.path];
        allowed.insert(source.room);
        const std::string list = found[1];
        for (auto at = std::sregex_iterator(list.begin(), list.end(), name);
             at != std::sregex_iterator(); ++at) {
            allowed.insert(at->str());
        }
    }
    EXPECT_GT(rooms.size(), 40U);
    for (const auto& source : sources) {
        for (const auto& header : source.includes) {
            const auto found = rooms.find(header);
            if (found == rooms.end()) continue;
            EXPECT_TRUE(found->second.contains(source.room))
                << source.path << " includes " << header << ", which is private";
        }
    }
}

TEST(House, KeepsLibrariesInTheRoomsThatAreForThem) {
    struct Rule {
        std::regex header;
        std::vector<std::string> places;  ///< beginnings of paths
    };
    const std::vector<Rule> rules = {
        {std::regex("Q[A-Z].*"), {"ui/", "app/"}},
        {std::regex("qcustomplot\\.h"), {"ui/plot/"}},
        {std::regex("(torch|ATen|c10)/.*"), {"core/learn/torch/"}},
        {std::regex("sqlite3\\.h|SQLiteCpp/.*"), {"core/store/"}},
        {std::regex("pagmo/.*"), {"core/lab/accelerators/"}},
        {std::regex("(onnx|google/protobuf)/.*"), {"core/interop/onnx/"}},
        {std::regex("yaml-cpp/.*"), {"core/interop/timeloop/"}},
        {std::regex("CLI/.*"), {"app/"}},
        {std::regex("(unistd|fcntl|dlfcn|sched|termios|poll|windows)\\.h|sys/.*"),
         {"core/base/platform/"}},
    };
    for (const auto& source : allSources()) {
        for (const auto& header : source.includes) {
            for (const auto& rule : rules) {
                if (!std::regex_match(header, rule.header)) continue;
                EXPECT_TRUE(std::ranges::any_of(
                    rule.places,
                    [&](const std::string& place) { return source.path.starts_with(place); }))
                    << source.path << " includes " << header;
            }
        }
    }
}

}  // namespace
