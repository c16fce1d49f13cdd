/* Confirmdesk.exe: loads the Python in the directory beside it and runs confirmdesk_start (start.py) in this very
 * process, so that Windows, its task bar and its firewall see Confirmdesk and not some python.exe.
 * Built twice: for the window, and as a console program. PROGRAM, PYTHON and START are defined by build.py. */

#define WIN32_LEAN_AND_MEAN
#include <windows.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#define LONGEST_PATH 32768

typedef int (*PyMain)(int, wchar_t **);

/* 126 is ERROR_MOD_NOT_FOUND. Nobody clicks a box away in a service or a script: only the window program shows one. */
static int incomplete(const wchar_t *library)
{
    static wchar_t text[LONGEST_PATH + 200];
    swprintf(text, LONGEST_PATH + 200, L"A part of " NAME L" is missing: %ls\n\nPlease install " NAME L" again.", library);
#ifdef WINDOW
    MessageBoxW(NULL, text, NAME, MB_OK | MB_ICONERROR);
#else
    fwprintf(stderr, L"%ls\n", text);
#endif
    return 126;
}

int wmain(int argc, wchar_t **argv)
{
    static wchar_t library[LONGEST_PATH + sizeof(L"\\" PROGRAM L"\\" PYTHON)];
    wchar_t *isolated[] = {argv[0], L"-I", L"-B", L"-X", L"utf8", L"-m", START};
    int own = sizeof isolated / sizeof *isolated;
    wchar_t **all = calloc(own + argc, sizeof *all);
    DWORD length = GetModuleFileNameW(NULL, library, LONGEST_PATH);
    HMODULE python;
    PyMain run;

    if (all == NULL || length == 0 || length == LONGEST_PATH)
        return 8; /* ERROR_NOT_ENOUGH_MEMORY */
    wcscpy(wcsrchr(library, L'\\'), L"\\" PROGRAM L"\\" PYTHON);

    /* Never a library from the directory that somebody happens to work in. */
    SetDllDirectoryW(L"");
    /* Python's own libraries lie beside it, and not beside this program. */
    python = LoadLibraryExW(library, NULL, LOAD_WITH_ALTERED_SEARCH_PATH);
    run = python ? (PyMain)(void *)GetProcAddress(python, "Py_Main") : NULL;
    if (run == NULL)
        return incomplete(library);

    for (int i = 0; i < own; i++)
        all[i] = isolated[i];
    for (int i = 1; i < argc; i++)
        all[own + i - 1] = argv[i];
    return run(own + argc - 1, all);
}
