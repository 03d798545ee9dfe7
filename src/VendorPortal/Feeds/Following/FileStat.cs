using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace VendorPortal.Feeds.Following;

/// <summary>
/// What Linux knows of a file and .NET does not tell: which one it is, whatever its name. Device and inode, and the time of its making, because
/// the inode of a file that was deleted is soon given to another.
/// </summary>
/// <param name="Identity">The same as long as the file exists, under whatever name.</param>
/// <param name="IsRegular">False for folders, pipes and devices.</param>
internal sealed record FileStat(string Identity, bool IsRegular)
{
    // linux/stat.h: the structure is the same on every architecture.
    private const int Size = 256;
    private const int CurrentFolder = -100;
    private const int OfTheHandle = 0x1000;
    private const uint TypeInodeAndBirth = 0x1 | 0x100 | 0x800;
    private const int TypeBits = 0xF000;
    private const int Regular = 0x8000;

    /// <summary>Null where there is no such file, or the system does not tell.</summary>
    public static FileStat? Of(string path)
    {
        var result = new byte[Size];
        return Ask(() => StatX(CurrentFolder, Encoding.UTF8.GetBytes(path + '\0'), 0, TypeInodeAndBirth, result)) ? Read(result) : null;
    }

    /// <inheritdoc cref="Of(string)"/>
    public static FileStat? Of(SafeFileHandle file)
    {
        var result = new byte[Size];
        return Ask(() => StatX(file, [0], OfTheHandle, TypeInodeAndBirth, result)) ? Read(result) : null;
    }

    private static bool Ask(Func<int> call)
    {
        if (!OperatingSystem.IsLinux())
            return false;
        try
        {
            return call() == 0;
        }
        catch (Exception error) when (error is EntryPointNotFoundException or DllNotFoundException)
        {
            return false; // an old system library: files are told apart by what they hold
        }
    }

    private static FileStat Read(ReadOnlySpan<byte> stat)
    {
        var type = BinaryPrimitives.ReadUInt16LittleEndian(stat[28..]) & TypeBits;
        var inode = BinaryPrimitives.ReadUInt64LittleEndian(stat[32..]);
        var (born, bornNanoseconds) = (BinaryPrimitives.ReadInt64LittleEndian(stat[80..]), BinaryPrimitives.ReadUInt32LittleEndian(stat[88..]));
        var (major, minor) = (BinaryPrimitives.ReadUInt32LittleEndian(stat[136..]), BinaryPrimitives.ReadUInt32LittleEndian(stat[140..]));
        return new FileStat(string.Create(CultureInfo.InvariantCulture, $"{major}:{minor}-{inode}-{born}.{bornNanoseconds}"), type == Regular);
    }

    [DllImport("libc", EntryPoint = "statx"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(int folder, byte[] path, int flags, uint mask, byte[] result);

    [DllImport("libc", EntryPoint = "statx"), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int StatX(SafeFileHandle file, byte[] path, int flags, uint mask, byte[] result);
}
