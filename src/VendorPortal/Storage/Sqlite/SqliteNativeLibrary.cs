using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;

namespace VendorPortal.Storage.Sqlite;

/// <summary>
/// Makes SQLite available to <c>Microsoft.Data.Sqlite</c> on machines whose package registry holds only an older
/// <c>SQLitePCLRaw</c>, and prefers the operating system's own, patched <c>libsqlite3</c> over the bundled one.
/// The why is told in docs/decisions/ADR-004.
/// </summary>
public static class SqliteNativeLibrary
{
    private static string source = "bundled";

    /// <summary>The version of the native library in use and where it came from, for the start-up log and health.</summary>
    public static string Description => $"SQLite {SQLitePCL.raw.sqlite3_libversion().utf8_to_string()} ({source})";

    // A library's module initializer is the one place that runs before any type of this assembly touches SQLite.
#pragma warning disable CA2255
    [ModuleInitializer]
    internal static void Initialize()
#pragma warning restore CA2255
    {
        AssemblyLoadContext.Default.Resolving += ResolveCore;
        Register();
    }

    // Not inlined: the types below load SQLitePCLRaw.core, which needs the handler above to be in place.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Register()
    {
        NativeLibrary.SetDllImportResolver(typeof(SQLitePCL.SQLite3Provider_e_sqlite3).Assembly, Resolve);
        SQLitePCL.Batteries_V2.Init();
    }

    // Microsoft.Data.Sqlite asks for a newer SQLitePCLRaw.core than the one that restores; every member it uses is there.
    private static Assembly? ResolveCore(AssemblyLoadContext context, AssemblyName name)
    {
        if (name.Name != "SQLitePCLRaw.core")
            return null;
        var path = Path.Combine(AppContext.BaseDirectory, "SQLitePCLRaw.core.dll");
        return File.Exists(path) ? context.LoadFromAssemblyPath(path) : null;
    }

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != "e_sqlite3")
            return 0;
        var candidate = OperatingSystem.IsLinux() ? "libsqlite3.so.0" : OperatingSystem.IsMacOS() ? "libsqlite3.dylib" : null;
        if (candidate is not null && NativeLibrary.TryLoad(candidate, out var handle))
        {
            source = candidate;
            return handle;
        }

        return 0; // the runtime goes on to the bundled library
    }
}
