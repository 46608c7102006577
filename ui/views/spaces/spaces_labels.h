// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// How the form names the specification's fields, which values some of them may take, and the help
// for each.

#include <QString>
#include <QStringList>
#include <string>

namespace cohelix::ui {

/// "/accelerator/chunks/3/tm" -> "/accelerator/chunks/*/tm".
std::string pointerPattern(const std::string& pointer);

/// "/network/head_channels" -> "Head channels".
QString fieldLabel(const std::string& pointer);
/// "Network space: stages 2, channels": the name of an edit.
QString fieldPath(const std::string& pointer);
/// Unit for beside the field; empty: none.
QString fieldUnit(const std::string& pointer);
/// Meaning, unit and pointer.
QString fieldToolTip(const std::string& pointer);
/// The words a field may take; empty: it is free.
QStringList fieldOptions(const std::string& pointer);
/// The DRAM that chunks share: absent where it is not bounded.
inline constexpr const char* kSharedDram = "/accelerator/dram_gb_per_s";
/// Fields that may be absent; an empty one removes them.
bool isOptional(const std::string& pointer);
/// Fields that other fields depend on in their kind, so that only the text can change them.
bool isReadOnly(const std::string& pointer);

/// "Network space" for "network".
QString sectionTitle(const std::string& key);

}  // namespace cohelix::ui
