// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/run/file_thread.h"

#include <future>

namespace cohelix::run {

FileThread::FileThread(std::unique_ptr<store::Project> project)
    : m_project(std::move(project)), m_path(m_project->path()), m_thread([this] { loop(); }) {}

FileThread::~FileThread() { close(); }

void FileThread::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closing = true;
    }
    m_wake.notify_one();
    if (m_thread.joinable()) m_thread.join();
}

std::string FileThread::path() const {
    const std::lock_guard lock(m_mutex);
    return m_path;
}

base::Result<std::optional<std::string>> FileThread::follow() {
    using Followed = base::Result<std::optional<std::string>>;
    Followed result(std::nullopt);
    call([&](store::Project& project) {
        if (!project.isMoved()) return;
        auto elsewhere = project.followed();
        if (!elsewhere) {
            result = elsewhere.error();
            return;
        }
        m_project = std::move(*elsewhere);
        const std::lock_guard lock(m_mutex);
        m_path = m_project->path();
        result = Followed(m_path);
    });
    return result;
}

void FileThread::post(Work work) {
    {
        const std::lock_guard lock(m_mutex);
        m_queue.push_back(std::move(work));
    }
    m_wake.notify_one();
}

void FileThread::call(const Work& work) {
    std::promise<void> done;
    auto finished = done.get_future();
    post([&](store::Project& project) {
        try {
            work(project);
            done.set_value();
        } catch (...) {
            done.set_exception(std::current_exception());
        }
    });
    finished.get();
}

void FileThread::loop() {
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_closing || !m_queue.empty(); });
        if (m_queue.empty()) break;
        Work work = std::move(m_queue.front());
        m_queue.pop_front();
        lock.unlock();
        work(*m_project);
        work = nullptr;  // what it holds is released outside the lock
        lock.lock();
    }
    m_project.reset();
}

}  // namespace cohelix::run
