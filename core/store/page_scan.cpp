// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/store/page_scan.h"

#include <algorithm>
#include <bit>
#include <span>
#include <string_view>
#include <utility>

#include "core/store/header.h"

namespace cohelix::store {
namespace {

// The first byte of a tree's page.
constexpr std::uint8_t kIndexInner = 2;
constexpr std::uint8_t kTableInner = 5;
constexpr std::uint8_t kIndexLeaf = 10;
constexpr std::uint8_t kTableLeaf = 13;

constexpr std::size_t kFreeTrunkAt = 32;
constexpr std::uint64_t kMostPayload = 1'000'000'000;

bool isInner(std::uint8_t kind) { return kind == kIndexInner || kind == kTableInner; }

/// Page 1 begins with the file's header.
std::size_t startOf(std::uint32_t number) { return number == 1 ? kHeaderBytes : 0; }

bool beginsAsDatabase(const Bytes& bytes) {
    constexpr std::string_view kMagic = "SQLite format 3";
    return bytes.size() >= kHeaderBytes &&
           std::ranges::equal(kMagic, std::span(bytes).first(kMagic.size()));
}

std::uint32_t shortAt(const Bytes& bytes, std::size_t at) {
    return std::uint32_t{bytes[at]} << 8 | bytes[at + 1];
}

/// A variable-length integer; moves `at` behind it. Nothing where the bytes end.
std::optional<std::uint64_t> varint(const Bytes& bytes, std::size_t& at) {
    std::uint64_t value = 0;
    for (int i = 0; i < 9; ++i) {
        if (at >= bytes.size()) return std::nullopt;
        const std::uint8_t byte = bytes[at++];
        if (i == 8) return value << 8 | byte;
        value = value << 7 | (byte & 0x7f);
        if (!(byte & 0x80)) return value;
    }
    return value;
}

std::size_t bytesOfType(std::uint64_t type) {
    constexpr std::size_t kFixed[] = {0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0};
    return type < 12 ? kFixed[type] : static_cast<std::size_t>((type - 12) / 2);
}

std::int64_t integerAt(const Bytes& bytes, std::size_t at, std::size_t count) {
    std::uint64_t value = bytes[at] & 0x80 ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < count; ++i) value = value << 8 | bytes[at + i];
    return static_cast<std::int64_t>(value);
}

Field fieldAt(const Bytes& bytes, std::size_t at, std::uint64_t type) {
    const auto count = bytesOfType(type);
    if (type == 0) return {};
    if (type == 8 || type == 9) return static_cast<std::int64_t>(type - 8);
    if (type == 7) return std::bit_cast<double>(integerAt(bytes, at, 8));
    if (type < 7) return integerAt(bytes, at, count);
    const auto begin = bytes.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(count);
    if (type % 2 == 0) return Bytes(begin, end);
    return std::string(begin, end);
}

std::optional<std::vector<Field>> fieldsOf(const Bytes& record) {
    std::size_t at = 0;
    const auto headerBytes = varint(record, at);
    if (!headerBytes || *headerBytes > record.size()) return std::nullopt;
    std::vector<Field> fields;
    std::size_t content = static_cast<std::size_t>(*headerBytes);
    while (at < *headerBytes) {
        const auto type = varint(record, at);
        if (!type || *type == 10 || *type == 11 || at > *headerBytes) return std::nullopt;
        const auto bytes = bytesOfType(*type);
        if (bytes > record.size() - content) return std::nullopt;
        fields.push_back(fieldAt(record, content, *type));
        content += bytes;
    }
    if (content != record.size()) return std::nullopt;
    return fields;
}

}  // namespace

PageScan::PageScan(const FileHold& file, std::map<std::string, Shape> shapes)
    : m_file(file), m_shapes(std::move(shapes)) {
    const auto header = file.firstBytes(kHeaderBytes);
    const bool hasHeader = beginsAsDatabase(header);
    if (hasHeader) {
        const auto stored = pageBytesOf(header);
        // Ours have 4,096; another power of two may be meant.
        if (std::has_single_bit(stored) && stored >= 512) m_pageBytes = stored;
    }
    m_pages = static_cast<std::uint32_t>(
        std::min<std::uint64_t>((file.size() + m_pageBytes - 1) / m_pageBytes, 0xfffffffeU));
    m_pagesNamed = m_pages;
    if (hasHeader) {
        m_pagesNamed = std::max(m_pages, pagesNamedBy(header).value_or(0));
    }
}

Bytes PageScan::page(std::uint32_t number) const {
    auto bytes = m_file.bytesAt(std::uint64_t{number - 1} * m_pageBytes, m_pageBytes);
    bytes.resize(m_pageBytes);  // the last one may be cut off
    return bytes;
}

bool PageScan::isPointerMap(std::uint32_t number) const {
    return number >= 2 && (number - 2) % (m_pageBytes / 5 + 1) == 0;
}

void PageScan::markFreePages() {
    if (m_pages == 0) return;
    std::uint32_t trunk = unsignedAt(page(1), kFreeTrunkAt);
    while (trunk > 1 && trunk <= m_pages && !m_used.contains(trunk) &&
           m_free.insert(trunk).second) {
        const auto bytes = page(trunk);
        const auto leaves = std::min(unsignedAt(bytes, 4), m_pageBytes / 4 - 2);
        for (std::uint32_t i = 0; i < leaves; ++i) m_free.insert(unsignedAt(bytes, 8 + 4 * i));
        trunk = unsignedAt(bytes, 0);
    }
}

std::optional<Bytes> PageScan::payload(const Bytes& page, std::size_t at, std::uint64_t bytes,
                                       bool isTableLeaf) {
    if (bytes > kMostPayload) return std::nullopt;
    const std::uint64_t usable = m_pageBytes;
    const std::uint64_t most = isTableLeaf ? usable - 35 : (usable - 12) * 64 / 255 - 23;
    const std::uint64_t least = (usable - 12) * 32 / 255 - 23;
    const std::uint64_t spill = least + (bytes - std::min(bytes, least)) % (usable - 4);
    const std::uint64_t local = bytes <= most ? bytes : spill <= most ? spill : least;
    if (at + local + (local < bytes ? 4 : 0) > page.size()) return std::nullopt;
    Bytes all(page.begin() + static_cast<std::ptrdiff_t>(at),
              page.begin() + static_cast<std::ptrdiff_t>(at + local));
    std::uint32_t next = local < bytes ? unsignedAt(page, at + static_cast<std::size_t>(local)) : 0;
    std::vector<std::uint32_t> chain;
    while (all.size() < bytes) {
        if (next < 2 || next > m_pages || chain.size() > m_pages || m_used.contains(next)) {
            return std::nullopt;
        }
        chain.push_back(next);
        const auto overflow = this->page(next);
        const auto part = std::min<std::uint64_t>(bytes - all.size(), usable - 4);
        all.insert(all.end(), overflow.begin() + 4,
                   overflow.begin() + 4 + static_cast<std::ptrdiff_t>(part));
        next = unsignedAt(overflow, 0);
    }
    if (!chain.empty() && next != 0)
        return std::nullopt;  // the last one is a page of something else
    m_used.insert(chain.begin(), chain.end());
    m_claimed.insert(m_claimed.end(), chain.begin(), chain.end());
    return all;
}

std::optional<PageScan::Cell> PageScan::cellAt(const Bytes& page, std::size_t at,
                                               std::uint8_t kind) {
    if (kind == kIndexInner) at += 4;
    const auto bytes = varint(page, at);
    if (!bytes) return std::nullopt;
    Cell cell;
    if (kind == kTableLeaf) {
        const auto rowid = varint(page, at);
        if (!rowid) return std::nullopt;
        cell.rowid = static_cast<std::int64_t>(*rowid);
    }
    if (const auto record = payload(page, at, *bytes, kind == kTableLeaf)) {
        cell.fields = fieldsOf(*record);
    }
    return cell;
}

std::optional<std::vector<PageScan::Cell>> PageScan::cellsOf(const Bytes& page,
                                                             std::uint32_t number) {
    m_claimed.clear();
    const std::size_t start = startOf(number);
    const std::uint8_t kind = page[start];
    if (kind != kIndexInner && kind != kIndexLeaf && kind != kTableLeaf) return std::nullopt;
    const std::size_t pointers = start + (isInner(kind) ? 12 : 8);
    const std::size_t count = shortAt(page, start + 3);
    if (pointers + 2 * count > page.size()) return std::nullopt;
    std::vector<Cell> cells;
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t at = shortAt(page, pointers + 2 * i);
        if (at < pointers + 2 * count) return std::nullopt;
        auto cell = cellAt(page, at, kind);
        if (!cell) return std::nullopt;
        cells.push_back(std::move(*cell));
    }
    return cells;
}

void PageScan::release() {
    for (const auto page : m_claimed) m_used.erase(page);
    m_claimed.clear();
}

std::vector<std::uint32_t> PageScan::childrenOf(const Bytes& page, std::uint32_t number) const {
    const std::size_t start = startOf(number);
    if (!isInner(page[start])) return {};
    const std::size_t count = shortAt(page, start + 3);
    std::vector<std::uint32_t> children;
    for (std::size_t i = 0; i < count && start + 14 + 2 * i <= page.size(); ++i) {
        const std::size_t at = shortAt(page, start + 12 + 2 * i);
        if (at + 4 <= page.size()) children.push_back(unsignedAt(page, at));
    }
    children.push_back(unsignedAt(page, start + 8));
    return children;
}

void PageScan::noteDamage(const Tree& tree, std::uint32_t page) {
    const bool isMissing = page > m_pages && page <= m_pagesNamed;  // which is counted as a whole
    if (tree.isIndex) return;
    if (isMissing) {
        m_count.incomplete.insert(tree.table);
    } else {
        ++m_count.damagedPages[tree.table];
    }
}

void PageScan::settleDamage() {
    for (auto& [table, pages] : m_count.damagedPages) pages -= m_foundElsewhere[table];
    std::erase_if(m_count.damagedPages, [](const auto& entry) { return entry.second <= 0; });
    for (const auto& [table, pages] : m_count.damagedPages) m_count.incomplete.insert(table);
}

void PageScan::noteInnerKeys(const Bytes& page, std::uint32_t number, const std::string& table) {
    const std::size_t start = startOf(number);
    const std::size_t count = shortAt(page, start + 3);
    const std::size_t pointers = start + 12;
    if (pointers + 2 * count > page.size()) return;
    std::vector<KnownRow> rows;
    for (std::size_t i = 0; i < count; ++i) {
        std::size_t at = shortAt(page, pointers + 2 * i);
        if (at < pointers + 2 * count || at + 4 > page.size()) return;
        const auto child = unsignedAt(page, at);
        at += 4;
        const auto key = varint(page, at);
        const auto rowid = static_cast<std::int64_t>(key.value_or(0));
        const auto before = rows.empty() ? 0 : rows.back().rowid;
        if (child < 2 || child > m_pagesNamed || rowid <= before) return;
        rows.push_back({table, rowid, 0});
    }
    m_count.known.insert(m_count.known.end(), rows.begin(), rows.end());
}

void PageScan::take(const Tree& tree, const Cell& cell, bool isTableLeaf, const Visit& visit) {
    if (tree.isIndex) {
        if (!cell.fields || !m_shapes.at(tree.name).fits(*cell.fields)) return;
        const auto* rowid = std::get_if<std::int64_t>(&cell.fields->back());
        const auto* first = std::get_if<std::int64_t>(&cell.fields->front());
        if (rowid) m_count.known.push_back({tree.table, *rowid, first ? *first : 0});
    } else if (cell.fields) {
        (void)visit({tree.table, false, isTableLeaf, cell.rowid, *cell.fields});
    } else {
        if (isTableLeaf) m_count.known.push_back({tree.table, cell.rowid, 0});
        m_count.partialRecords[tree.table].push_back(cell.rowid);
        m_count.incomplete.insert(tree.table);
    }
}

bool PageScan::isOf(const Tree& tree, std::uint8_t kind, const std::vector<Cell>& cells) const {
    const auto& shape = m_shapes.at(tree.name);
    if (shape.hasRowid != (kind == kTableLeaf)) return false;
    bool anyRead = false;
    for (const auto& cell : cells) {
        if (!cell.fields) continue;
        if (shape.fits(*cell.fields)) return true;
        anyRead = true;
    }
    return !anyRead;
}

bool PageScan::isInnerPageOf(const Tree& tree, const std::vector<std::uint32_t>& children) {
    if (!m_shapes.at(tree.name).hasRowid) return false;
    bool anyForeign = false;
    for (const auto number : children) {
        if (number < 2 || number > m_pages || m_used.contains(number)) continue;
        const auto bytes = page(number);
        if (isInner(bytes[0])) continue;  // what it is of only its own children tell
        const auto cells = cellsOf(bytes, number);
        release();
        if (!cells || cells->empty()) continue;
        if (isOf(tree, bytes[0], *cells)) return true;
        anyForeign = true;
    }
    return !anyForeign;
}

bool PageScan::walkPage(const Tree& tree, std::uint32_t number, std::vector<std::uint32_t>& open,
                        const Visit& visit) {
    const auto bytes = page(number);
    const auto kind = bytes[startOf(number)];
    auto children = childrenOf(bytes, number);
    if (kind == kTableInner) {
        if (!isInnerPageOf(tree, children)) return false;
        noteInnerKeys(bytes, number, tree.table);
    }
    const auto cells = cellsOf(bytes, number);
    if (cells ? !isOf(tree, kind, *cells) : children.empty()) {
        release();
        return false;
    }
    std::ranges::reverse(children);
    open.insert(open.end(), children.begin(), children.end());
    for (const auto& cell : cells ? *cells : std::vector<Cell>{}) {
        take(tree, cell, kind == kTableLeaf, visit);
    }
    return true;
}

void PageScan::walk(const Tree& tree, const Visit& visit) {
    std::vector<std::uint32_t> open = {tree.root};
    while (!open.empty()) {
        const auto number = open.back();
        open.pop_back();
        if (number < 1 || number > m_pages || isPointerMap(number) ||
            !m_used.insert(number).second) {
            noteDamage(tree, number);
        } else if (!walkPage(tree, number, open, visit)) {
            m_used.erase(number);  // it is a page of something else
            noteDamage(tree, number);
        }
    }
}

std::vector<PageScan::Tree> PageScan::readTrees() {
    std::map<std::uint32_t, Tree> trees;
    if (m_pages == 0) return {};
    const auto note = [&](const Record& row) {
        if (row.fields.size() != 5) return;
        const auto* type = std::get_if<std::string>(&row.fields[0]);
        const auto* name = std::get_if<std::string>(&row.fields[1]);
        const auto* table = std::get_if<std::string>(&row.fields[2]);
        const auto* root = std::get_if<std::int64_t>(&row.fields[3]);
        if (!type || !name || !table || !root || *root < 2 || *root > m_pagesNamed) return;
        if (!m_shapes.contains(*name) || !m_shapes.contains(*table)) return;
        const auto number = static_cast<std::uint32_t>(*root);
        const bool isIndex = *type == "index";
        if (isIndex || *type == "table") trees[number] = {number, *name, *table, isIndex};
    };
    walk({1, {}, {}, false}, [&](const Record& row) {
        note(row);
        return std::string();
    });
    std::vector<Tree> list;
    for (auto& [root, tree] : trees) list.push_back(std::move(tree));
    std::ranges::stable_partition(list, [](const Tree& tree) { return !tree.isIndex; });
    return list;
}

void PageScan::visitAlone(std::uint32_t number, bool isFree, const Visit& visit) {
    const auto bytes = page(number);
    const auto cells = cellsOf(bytes, number == 1 && !beginsAsDatabase(bytes) ? 2 : number);
    if (!cells) return release();
    std::set<std::string> tables;
    for (const auto& cell : *cells) {
        if (!cell.fields) continue;
        tables.insert(visit({{}, isFree, bytes[0] == kTableLeaf, cell.rowid, *cell.fields}));
    }
    tables.erase(std::string());
    if (tables.empty()) release();
    for (const auto& table : tables) ++m_foundElsewhere[table];
}

void PageScan::visitStrays(const Visit& visit) {
    // What was moved may stand anywhere, also where a pointer map should be.
    for (std::uint32_t number = 1; number <= m_pages; ++number) {
        if (!m_used.contains(number) && !m_free.contains(number)) visitAlone(number, false, visit);
    }
}

void PageScan::runFree(const Visit& visit) {
    for (const auto number : m_free) {
        if (number >= 1 && number <= m_pages && !m_used.contains(number)) {
            visitAlone(number, true, visit);
        }
    }
}

ScanCount PageScan::run(const Visit& visit) {
    m_count.pages = m_pagesNamed;
    m_count.missingPages = m_pagesNamed - m_pages;
    for (const auto& tree : readTrees()) {
        walk(tree, visit);
        if (!tree.isIndex) m_count.trees.insert(tree.table);
    }
    markFreePages();  // after the trees: the list of them may be damaged too
    visitStrays(visit);
    settleDamage();
    return m_count;
}

}  // namespace cohelix::store
