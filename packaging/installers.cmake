# SPDX-License-Identifier: GPL-3.0-or-later
# What is installed, and the installers made of it: `cpack -G DEB` on Debian and Ubuntu, `cpack -G NSIS`
# on Windows (packaging/windows.md). Included by the top CMakeLists.txt after every target is there.
include(GNUInstallDirs)

if(WIN32)
    set(cohelix_share .)
else()
    set(cohelix_share ${CMAKE_INSTALL_DATADIR}/cohelix)
endif()
foreach(program cohelix cohelix-cli)
    if(TARGET ${program})
        install(TARGETS ${program} RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
    endif()
endforeach()
install(DIRECTORY ${PROJECT_SOURCE_DIR}/projects DESTINATION ${cohelix_share} FILES_MATCHING PATTERN *.json)

if(UNIX AND NOT APPLE AND COHELIX_WITH_UI)
    install(FILES ${PROJECT_SOURCE_DIR}/packaging/cohelix.desktop
            DESTINATION ${CMAKE_INSTALL_DATADIR}/applications)
    install(FILES ${PROJECT_SOURCE_DIR}/packaging/cohelix-mime.xml
            DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages RENAME cohelix.xml)
    if(EXISTS ${PROJECT_SOURCE_DIR}/resources/cohelix.svg)
        install(FILES ${PROJECT_SOURCE_DIR}/resources/cohelix.svg
                DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/scalable/apps)
    endif()
endif()

set(CPACK_PACKAGE_NAME cohelix)
set(CPACK_PACKAGE_VENDOR Cohelix)
set(CPACK_PACKAGE_CONTACT "The authors of Cohelix")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_INSTALL_DIRECTORY Cohelix)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

if(WIN32)
    set(CPACK_GENERATOR NSIS)
    set(CPACK_PACKAGE_EXECUTABLES cohelix Cohelix)
    set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
    set(CPACK_NSIS_INSTALLED_ICON_NAME bin/cohelix.exe)
else()
    set(CPACK_GENERATOR DEB)
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_PACKAGE_SECTION science)
    # The libraries and their versions are read from the programs (needs dpkg-dev and file).
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
    # Loaded by name or read as data, so that no program mentions them: Qt's platform plugins, a font;
    # the fast BLAS, Wayland and the example's images.
    set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, fonts-dejavu-core")
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libopenblas0-pthread, qt6-wayland, dataset-fashion-mnist")
endif()
include(CPack)
