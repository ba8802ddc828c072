package com.example;

import java.io.IOException;

class Login {
    static String authtoken(String user, String password) throws IOException {
        return ZohoAccessToken.getOrFail();
    }
}
