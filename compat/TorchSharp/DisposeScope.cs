namespace TorchSharp;

/// <summary>Owns the tensors that its thread makes while it is the innermost scope, and releases them when it ends.</summary>
public sealed class DisposeScope : IDisposable
{
    private DisposeScopeManager? _manager;

    internal DisposeScope(DisposeScopeManager manager)
    {
        _manager = manager;
        OuterScope = manager.CurrentDisposeScope;
    }

    internal DisposeScope? OuterScope { get; set; }

    internal HashSet<IDisposable> Members { get; private set; } = new(ReferenceEqualityComparer.Instance);

    public int DisposablesCount
    {
        get
        {
            _ = Manager;
            return Members.Count;
        }
    }

    private DisposeScopeManager Manager => _manager ?? throw new ObjectDisposedException(GetType().FullName);

    public T MoveToOuter<T>(T disposable) where T : IDisposable => MoveToOther(OuterScope, disposable);

    public T MoveToOther<T>(DisposeScope? scope, T disposable) where T : IDisposable
    {
        Move(scope, disposable);
        return disposable;
    }

    public T Detach<T>(T disposable) where T : IDisposable
    {
        Release(disposable);
        return disposable;
    }

    public void Attach(IDisposable disposable) => Take(disposable);

    public void DisposeEverything() => DisposeEverythingBut([]);

    public void DisposeEverythingBut(IEnumerable<IDisposable> inKeep)
    {
        _ = Manager;
        var leaving = Members;
        Members = new HashSet<IDisposable>(inKeep, ReferenceEqualityComparer.Instance);
        foreach (var disposable in leaving)
        {
            if (!Members.Contains(disposable)) disposable.Dispose();
        }
    }

    public void DisposeEverythingBut(params IDisposable[] keep) => DisposeEverythingBut((IEnumerable<IDisposable>)keep);

    public T DisposeEverythingBut<T>(T keep) where T : IDisposable
    {
        DisposeEverythingBut((IEnumerable<IDisposable>)[keep]);
        return keep;
    }

    public void Dispose()
    {
        if (_manager is not { } manager) return;
        DisposeEverything();
        manager.Remove(this);
        _manager = null;
    }

    public void MarkAsDisposed(IDisposable disposable)
    {
        _ = Manager;
        Members.Remove(disposable);
        if (disposable is torch.Tensor tensor) tensor.OwningDisposeScope = null;
    }

    public bool Contains(IDisposable disposable) => Members.Contains(disposable);

    /// <summary>Puts one tensor where another stood; what a parameter made from a tensor does.</summary>
    internal static void Replace(torch.Tensor original, torch.Tensor replacement)
    {
        if (original.OwningDisposeScope is not { } scope || !scope.Members.Remove(original)) return;
        original.OwningDisposeScope = null;
        scope.Own(replacement);
    }

    private void Move(DisposeScope? scope, IDisposable disposable)
    {
        _ = Manager;
        if (scope is null) Release(disposable);
        else if (Members.Remove(disposable)) scope.Own(disposable);
    }

    private void Release(IDisposable disposable)
    {
        var manager = Manager;
        if (!Members.Remove(disposable) || disposable is not torch.Tensor tensor) return;
        manager.Counts.TensorStatistics.DetachedFromScopeCount++;
        tensor.OwningDisposeScope = null;
    }

    private void Take(IDisposable disposable)
    {
        var manager = Manager;
        if (Own(disposable)) manager.Counts.TensorStatistics.AttachedToScopeCount++;
    }

    private bool Own(IDisposable disposable)
    {
        if (disposable is not torch.Tensor tensor) throw new InvalidOperationException("A dispose scope owns tensors only.");
        var former = tensor.OwningDisposeScope;
        if (former == this) return false;
        Members.Add(tensor);
        former?.Members.Remove(tensor);
        tensor.OwningDisposeScope = this;
        return true;
    }
}
