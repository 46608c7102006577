// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// Finds what stands in a view as a user would: by its kind and by the name that it has there.

#include <QLabel>
#include <QWidget>

#include <gtest/gtest.h>

namespace cohelix::ui {

template <typename Kind>
Kind& find(const QWidget& view, const char* name = "") {
    auto* found = view.findChild<Kind*>(QString::fromLatin1(name));
    EXPECT_TRUE(found) << "there is no such widget: " << name;
    return *found;
}

inline QString labelText(const QWidget& view, const char* name) {
    return find<QLabel>(view, name).text();
}

}  // namespace cohelix::ui
