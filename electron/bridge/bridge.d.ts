/** The API that the preload exposes on `window`, by page. */

interface DjdeskBridge {
  shell: 'electron';
  platform: string;
  version: string;
  /** Subscribes to one of the app's own menu entries, by its `message`. Returns the unsubscribe function. */
  onMenu(message: string, callback: () => void): () => void;
  /** Shows a native notification; false if none was shown because the window has the focus. */
  notify(note: { title: string; body: string; path: string }): Promise<boolean>;
  /** Opens an https: or mailto: URL in the user's browser; false if it was refused. */
  openExternal(url: string): Promise<boolean>;
  openDataFolder(): Promise<boolean>;
  openLogs(): Promise<boolean>;
  /** `system`, `light` or `dark`: for the window itself and its next start. */
  setTheme(theme: string): Promise<void>;
  /** `system` or a language of the app: for the menu, dialogs and the shell's own pages. */
  setLanguage(language: string): Promise<void>;

  /** Updates of the app, for the updates page and a badge. */
  updates: {
    state(): Promise<import('../shell/updates.js').UpdateState>;
    /** One of `UPDATE_ACTIONS`, some with a value. Resolves when it has finished. */
    act(action: string, value?: string): Promise<void>;
    /** Returns the unsubscribe function. */
    onChange(callback: (state: import('../shell/updates.js').UpdateState) => void): () => void;
  };

  // With "folders" in the app's `bridge`.
  /** Shows the system's folder dialog; null if cancelled. */
  chooseFolder?(): Promise<string | null>;
  /** Subscribes to files and folders dropped on the window, as real paths. Returns the unsubscribe function. */
  onFolderDropped?(callback: (paths: string[]) => void): () => void;

  // With "files".
  /** Shows the system's file dialog; `extensions` without dots, none for all files. Empty if cancelled. */
  chooseFiles?(how?: { extensions?: string[]; multiple?: boolean }): Promise<string[]>;
  /** Subscribes to files of the types in the app's `files` that are opened with it. Returns the unsubscribe function. */
  onFileOpened?(callback: (path: string) => void): () => void;

  // With "exports".
  /** Shows a file of the exports folder in the file manager; false if there is no such file. */
  showExport?(name: string): Promise<boolean>;
  /**
   * Call it in a `dragstart` after preventing the default: other programs receive the file of that name in the
   * exports folder. On Windows and Linux it resolves when the drag is over; false if there is no such file.
   */
  dragExport?(name: string): Promise<boolean>;

  // With "recent".
  /** Recently opened items, newest first, at most 12: for File, Open Recent. `path` of a page; `folder`: an absolute path on disk. */
  setRecent?(entries: { label: string; path: string; folder?: string }[]): Promise<void>;
}

type ShellPageState = Omit<import('../backend/supervisor.js').Status, 'failure'> & {
  failure: (import('../backend/problem.js').Failure & { stageWords: string }) | null;
  stageWords: string;
  version: string;
};

interface DjdeskShellBridge {
  onState(callback: (state: ShellPageState) => void): () => void;
  getState(): Promise<ShellPageState>;
  retry(): Promise<void>;
  openLogs(): Promise<boolean>;
  copyDiagnostics(): Promise<boolean>;
  /** Asks where to save; `file` is '' if cancelled or failed, and `problem` says why. */
  exportDiagnostics(): Promise<{ file: string; problem: string }>;
  listBackups(): Promise<{ backups: import('../backend/data-tools.js').Backup[]; problem: string }>;
  /** Resolves to the error, or to '' before the app starts again. */
  restoreBackup(name: string): Promise<string>;
  /** Starts again without background tasks. */
  startSafely(): Promise<void>;
  quit(): Promise<void>;
  /** During shutdown: quit without waiting. */
  quitNow(): Promise<void>;
  /** Hides the message above the page until the next problem. */
  hideTrouble(): Promise<void>;
  /** Restarts a busy or silent server; its running requests are lost. */
  endServer(): Promise<void>;
}

interface DjdeskHangBridge {
  wait(): Promise<void>;
  reload(): Promise<void>;
}

interface DjdeskPromptBridge {
  /** The answer to the page's prompt(), null if cancelled. */
  answer(value: string | null): Promise<void>;
}

interface DjdeskNoticeBridge {
  close(): Promise<void>;
}

interface DjdeskFindBridge {
  search(words: string, how: { forward: boolean; first: boolean }): Promise<void>;
  close(): Promise<void>;
  onResult(callback: (result: { current: number; total: number }) => void): () => void;
  onFocus(callback: () => void): () => void;
}

interface Window {
  /** The app's pages, in the window shell only. */
  djdesk?: DjdeskBridge;
  /** Shell pages only. */
  djdeskShell: DjdeskShellBridge;
  /** Shell pages only: a text in the language of the page. */
  djdeskText(text: string, values?: Record<string, string | number>): string;
  djdeskCatalogue: { app: string; language: string; messages: Record<string, string> };
  /** Error page only: its list of backups. */
  djdeskBackups: {
    show(place: HTMLElement, backups: import('../backend/data-tools.js').Backup[]): void;
    chosen(place: HTMLElement): string;
  };
  /** Message about a hanging page only. */
  djdeskHang: DjdeskHangBridge;
  /** Window of a page's prompt() only. */
  djdeskPrompt: DjdeskPromptBridge;
  /** Notice strip only. */
  djdeskNotice: DjdeskNoticeBridge;
  /** Find bar only. */
  djdeskFind: DjdeskFindBridge;
}
