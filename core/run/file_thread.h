// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The thread that owns the project file: work is queued and done in order. Private to the room.

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "core/store/project.h"

namespace cohelix::run {

class FileThread {
public:
    using Work = std::function<void(store::Project&)>;

    explicit FileThread(std::unique_ptr<store::Project> project);
    /// Does what is queued, closes the file and ends.
    ~FileThread();
    FileThread(const FileThread&) = delete;
    FileThread& operator=(const FileThread&) = delete;

    /// Where the file is; another path after follow() found it elsewhere.
    std::string path() const;
    /// Where the file was moved, deleted or replaced: goes on with it under its new name, or with a
    /// copy beside the old one (store::Project::followed); the path then, and nothing where the
    /// file is where it was. Errors: it could not be saved anywhere.
    base::Result<std::optional<std::string>> follow();

    void post(Work work);
    /// Waits until the work is done; an exception of it comes out here.
    void call(const Work& work);
    /// Does what is queued and closes the file. What is called or posted afterwards is never done:
    /// for a process that is about to end.
    void close();

private:
    void loop();

    std::unique_ptr<store::Project> m_project;
    mutable std::mutex m_mutex;
    std::string m_path;
    std::condition_variable m_wake;
    std::deque<Work> m_queue;
    bool m_closing = false;
    std::thread m_thread;  // last: it uses all of the above
};

}  // namespace cohelix::run
