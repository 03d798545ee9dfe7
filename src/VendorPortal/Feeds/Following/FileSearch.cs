namespace VendorPortal.Feeds.Following;

/// <summary>Where reading goes on.</summary>
/// <param name="File">Open; the receiver's to dispose.</param>
/// <param name="Position">The start of the next line.</param>
/// <param name="IsCopy">A copy of the file that was read: nobody writes to it any more.</param>
/// <param name="IsKnown">False where what was read is nowhere: this may have been read before, in part.</param>
internal sealed record FileStart(LogFile File, long Position, bool IsCopy = false, bool IsKnown = true);

/// <summary>Finds the file of a place again, whatever rotation has made of it, and the one that comes after it.</summary>
internal static class FileSearch
{
    /// <summary>
    /// The file in which reading goes on: the one that was read under whatever name, a copy of it, else the oldest that was written since, else
    /// the file at <paramref name="path"/> from its start. Null where there is none.
    /// </summary>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    /// <exception cref="UnauthorizedAccessException">The portal's account may not read it.</exception>
    public static FileStart? Find(string path, FilePlace place)
    {
        if (place.WrittenUtc is null)
            return OpenAt(path) is { } first ? new FileStart(first, 0) : null;
        var rotated = RotatedFiles.Of(path);
        string[] candidates = [path, .. rotated.Reverse()];
        var files = candidates.Select(c => c == path ? OpenAt(path) : TryOpen(c)).OfType<LogFile>().ToList();
        var start = Choose(files, place);
        foreach (var file in files.Where(f => f != start?.File))
            file.Dispose();
        return start;

        FileStart? Choose(List<LogFile> files, FilePlace place)
        {
            if (files.Find(f => f.Identity is not null && f.Identity == place.Identity && f.Holds(place.Position, place.Tail)) is { } same)
                return new FileStart(same, place.Position);
            if (place.Position > 0 && files.Find(f => f.Holds(place.Position, place.Tail)) is { } copy)
                return new FileStart(copy, place.Position, IsCopy: copy.Stream.Name != path);
            var unread = files.FindLast(f => f.Stream.Name != path && f.WrittenUtc > place.WrittenUtc) ?? files.Find(f => f.Stream.Name == path);
            return unread is null ? null : new FileStart(unread, 0, IsKnown: false);
        }
    }

    /// <summary>
    /// What comes after a file that is read to its end: the next newer one where it was rotated, else the one at <paramref name="path"/>. Null where
    /// there is none yet.
    /// </summary>
    /// <inheritdoc cref="Find" path="/exception"/>
    public static FileStart? After(string path, LogFile file)
    {
        var rotated = RotatedFiles.Of(path);
        var place = rotated.ToList().FindIndex(r => IsAt(r, file));
        var newer = place < 0 ? null : rotated.Skip(place + 1).Select(TryOpen).FirstOrDefault(f => f is not null);
        // Where it was not rotated, it may have been edited: the same lines in another file.
        return (newer ?? OpenAt(path)) is { } next ? new FileStart(next, 0, IsKnown: place >= 0) : null;
    }

    /// <summary>Whether the file is the one at a path; null where there is none at it.</summary>
    public static bool? IsAtPath(string path, LogFile file) => !File.Exists(path) ? null : IsAt(path, file);

    private static bool IsAt(string path, LogFile file)
    {
        if (file.Identity is not null)
            return FileStat.Of(path)?.Identity == file.Identity;
        var position = file.Stream.Position;
        using var other = TryOpen(path);
        return other?.Holds(position, file.TailAt(position)) == true;
    }

    private static LogFile? OpenAt(string path)
    {
        try
        {
            return LogFile.Open(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    // One that is just being renamed, compressed or deleted is no longer there to be read.
    private static LogFile? TryOpen(string path)
    {
        try
        {
            return LogFile.Open(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
