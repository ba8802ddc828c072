package com.example.helpdesk;

public class App {
    public void onCreate() {
        DeskService.setAuthToken("ace0fba5ec0de4b1dc0ffee5de1ec7ed");
    }
}
