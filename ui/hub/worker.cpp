// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/worker.h"

namespace cohelix::ui {

Worker::Worker(const QString& name) : m_context(new QObject) {
    m_thread.setObjectName(name);
    m_context->moveToThread(&m_thread);
    m_thread.start();
}

Worker::~Worker() {
    QMetaObject::invokeMethod(
        m_context, [this] { m_thread.quit(); }, Qt::QueuedConnection);
    m_thread.wait();
    delete m_context;
}

void Worker::post(std::function<void()> task) {
    QMetaObject::invokeMethod(m_context, std::move(task), Qt::QueuedConnection);
}

void Mailbox::deliver(std::function<void()> task) {
    const std::lock_guard lock(m_mutex);
    if (m_receiver) QMetaObject::invokeMethod(m_receiver, std::move(task), Qt::QueuedConnection);
}

void Mailbox::close() {
    const std::lock_guard lock(m_mutex);
    m_receiver = nullptr;
}

}  // namespace cohelix::ui
